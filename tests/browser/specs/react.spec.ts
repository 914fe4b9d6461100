import { fileURLToPath } from "node:url";

import type { Page } from "@playwright/test";
import { build } from "esbuild";

import type { Mock } from "../support/mock.ts";
import type { Site } from "../support/site.ts";
import { expect, test } from "../support/test.ts";

const PAGES = fileURLToPath(new URL("../pages/react/", import.meta.url));

/** Bundles a module of pages/react/. */
async function bundle(name: string, platform: "browser" | "node"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${PAGES}${name}.tsx`],
    bundle: true,
    write: false,
    format: "esm",
    platform,
    jsx: "automatic",
    // Without the paths of tsconfig.json: the built package, not its sources.
    tsconfigRaw: {},
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"development"' },
    // React's server build is CommonJS and asks for Node's own modules.
    banner:
      platform === "node"
        ? { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' }
        : {},
    external: platform === "browser" ? [] : ["node:*", "util", "stream", "crypto", "async_hooks"],
  });
  return outputFiles[0]?.text ?? "";
}

/** A page's own server, which has the key. */
function serveTokens(site: Site, mock: Mock) {
  site.route("/tokens", async (request, response) => {
    const video = new URL(request.url ?? "", site.url).searchParams.get("video") ?? "";
    const minted = await fetch(`${mock.url}/v1/video/${video}/playback-token`, {
      method: "POST",
      headers: { "x-ansdev-key": mock.apiKey },
    });
    const { data } = (await minted.json()) as { data: object };
    response.writeHead(minted.status, { "content-type": "application/json" }).end(JSON.stringify(data));
  });
}

async function open(page: Page, site: Site, options: Record<string, string>, html = "") {
  const script = await bundle("browser", "browser");
  site.route("/app.js", (_request, response) => {
    response.writeHead(200, { "content-type": "text/javascript" }).end(script);
  });
  site.route("/app.html", (_request, response) => {
    response
      .writeHead(200, { "content-type": "text/html" })
      .end(
        `<!doctype html><link rel="icon" href="data:,"><div id="root">${html}</div><script type="module" src="/app.js"></script>`,
      );
  });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(site.page("app.html", options));
  return complaints;
}

const lines = async (page: Page) => page.locator("ol li").allTextContents();

test("plays in StrictMode, on one token; another videoId plays the other video", async ({ page, mock, site }) => {
  serveTokens(site, mock);
  const complaints = await open(page, site, { baseUrl: mock.url });
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 1);
  expect(await lines(page)).toEqual(
    expect.arrayContaining(["token vid_rotating_keys number", "playing vid_rotating_keys"]),
  );
  expect(await mock.mints()).toHaveLength(1);
  const tag = page.locator("ansdev-video");
  await expect(tag).toHaveClass("film");
  await expect(tag).toHaveAttribute("controls");
  await expect(tag).not.toHaveAttribute("loop");
  await page.getByRole("button", { name: "Another" }).click();
  await expect.poll(async () => lines(page)).toContain("playing vid_clear");
  const session = await page.evaluateHandle(() => document.querySelector("ansdev-video")?.session);
  await page.evaluate(() => {
    (window as unknown as { unmount: () => void }).unmount();
  });
  await expect.poll(async () => session.evaluate((opened) => opened?.state)).toBe("destroyed");
  expect(complaints).toEqual([]);
});

test("rendered on a server it does nothing there, and is taken over without a complaint", async ({
  page,
  mock,
  site,
}) => {
  const code = await bundle("server", "node");
  const server = (await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`)) as {
    render: (baseUrl: string) => string;
  };
  const html = server.render(mock.url);
  expect(html).toContain('<ansdev-video video-id="vid_rotating_keys"');
  expect(await mock.journal()).toEqual([]);
  serveTokens(site, mock);
  const complaints = await open(page, site, { baseUrl: mock.url }, html);
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 1);
  expect(complaints).toEqual([]);
});

test("a client that cannot be created is an error in the state", async ({ page, site }) => {
  await open(page, site, { baseUrl: "ftp://elsewhere" });
  await expect(page.getByRole("alert")).toContainText("http(s)");
});

test("a key is refused with INVALID_OPTIONS, and nothing that React keeps has it", async ({ page, mock, site }) => {
  serveTokens(site, mock);
  await open(page, site, { baseUrl: mock.url, apiKey: mock.apiKey });
  await expect(page.getByRole("alert")).toContainText("useAnsdevClient takes no `apiKey`");
  // The page in this test hands the key down as props, which React keeps. So only what the hook itself made counts.
  const kept = await page.evaluate((key) => {
    const element = document.querySelector("ansdev-video") as unknown as Record<string, unknown>;
    const fiberName = Object.keys(element).find((name) => name.startsWith("__reactFiber$")) ?? "";
    interface Fiber {
      type: unknown;
      return: Fiber | null;
      memoizedState: unknown;
      updateQueue: unknown;
    }
    let fiber = element[fiberName] as Fiber | null;
    while (fiber !== null && (fiber.type as { name?: string } | null)?.name !== "App") fiber = fiber.return;
    const has = (root: unknown): boolean => {
      const seen = new Set<unknown>();
      const queue = [root];
      for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
        if (value === key) return true;
        if (value === null || typeof value !== "object" || seen.has(value) || value instanceof Node) continue;
        seen.add(value);
        for (const name of Reflect.ownKeys(value)) queue.push(Reflect.get(value, name) ?? null);
      }
      return false;
    };
    return {
      isHookSeen: fiber?.memoizedState != null,
      hook: has([fiber?.memoizedState, fiber?.updateQueue]),
      control: has([{ effects: [{ deps: [key] }] }]),
    };
  }, mock.apiKey);
  expect(kept).toEqual({ isHookSeen: true, hook: false, control: true });
  expect(await mock.journal()).toEqual([]);
});
