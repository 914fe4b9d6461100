import { fileURLToPath } from "node:url";

import type { Page } from "@playwright/test";
import { build } from "esbuild";

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

async function open(page: Page, site: Site, access: { apiKey: string; baseUrl: string }, html = "") {
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
  await page.goto(site.page("app.html", access));
  return complaints;
}

const lines = async (page: Page) => page.locator("ol li").allTextContents();

test("plays in StrictMode, on one token; another videoId plays the other video", async ({ page, mock, site }) => {
  const complaints = await open(page, site, mock.access);
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
    render: (apiKey: string, baseUrl: string) => string;
  };
  const html = server.render(mock.apiKey, mock.url);
  expect(html).toContain('<ansdev-video video-id="vid_rotating_keys"');
  expect(html).not.toContain(mock.apiKey);
  expect(await mock.journal()).toEqual([]);
  const complaints = await open(page, site, mock.access, html);
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 1);
  expect(complaints).toEqual([]);
});

test("a client that cannot be created is an error in the state", async ({ page, mock, site }) => {
  await open(page, site, { ...mock.access, apiKey: "ak_test_123" });
  await expect(page.getByRole("alert")).toContainText("The API key has 11 characters; expected");
});
