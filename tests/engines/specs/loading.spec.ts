import { readFile } from "node:fs/promises";

import type { Tab } from "../support/tab.ts";

import { expect, test } from "../support/test.ts";
import { Site } from "../../browser/support/site.ts";

/** Waits until the page's element shows moving pictures. */
async function plays(page: Tab): Promise<void> {
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 2);
}

async function isolation(page: Tab): Promise<string | undefined> {
  return page.evaluate(() => document.querySelector("ansdev-video")?.client?.isolation);
}

/** What the page's createClient came to (pages/strict.js). */
async function outcome(page: Tab): Promise<{ isolation?: string; code?: string; message?: string }> {
  return page.evaluate(() => (window as unknown as { outcome: Promise<object> }).outcome);
}

test("one script tag", async ({ page, mock, site }) => {
  await page.goto(site.page("script-tag.html", mock.access));
  await plays(page);
  expect(await isolation(page)).toBe("worker");
  const forHls = await page.evaluate(() => [typeof window.Ansdev.attachSession, typeof window.Ansdev.hlsConfig]);
  expect(forHls).toEqual(["function", "function"]);
});

test("a script tag from another origin", async ({ page, mock, site }) => {
  const cdn = await Site.start();
  await page.goto(site.page("cdn.html", { ...mock.access, cdn: cdn.url }));
  await plays(page);
  expect(await isolation(page)).toBe("worker");
  cdn.stop();
});

test("slim: the Worker and the WebAssembly as files", async ({ page, mock, site }) => {
  await page.goto(site.page("slim.html", mock.access));
  await plays(page);
  expect(await isolation(page)).toBe("worker");
});

test.describe("tokens from the page's own server", () => {
  test.use({ mockFlags: ["--ttl", "6"] });

  test("the film plays on, and the page never has a key", async ({ page, mock, site }) => {
    const asked: (string | null)[] = [];
    site.route("/tokens", async (request, response) => {
      const query = new URL(request.url ?? "", site.url).searchParams;
      asked.push(query.get("reason"));
      const minted = await fetch(`${mock.url}/v1/video/${query.get("video") ?? ""}/playback-token`, {
        method: "POST",
        headers: { "x-ansdev-key": mock.apiKey },
      });
      const { data } = (await minted.json()) as { data: object };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(data));
    });
    await page.goto(site.page("token-provider.html", { baseUrl: mock.url }));
    await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 13);
    expect(asked.slice(0, 3)).toEqual(["initial", "refresh", "refresh"]);
    const withKey = (await mock.journal()).filter(({ keyPrefix, origin }) => keyPrefix !== null && origin === site.url);
    expect(withKey).toEqual([]);
  });
});

test.describe("under a Content-Security-Policy", () => {
  /** As strict as the element can do with; `script-src` and `worker-src` are each test's. */
  const policy = (api: string, ...directives: string[]) => ({
    "content-security-policy": [
      "default-src 'none'",
      `connect-src 'self' ${api}`,
      "media-src blob:",
      "require-trusted-types-for 'script'",
      "trusted-types ansdev-player",
      ...directives,
    ].join("; "),
  });
  const FILES = { workerUrl: "/sdk/worker.js", wasmUrl: "/sdk/ansdev-player.wasm" };
  const SCRIPT = "script-src 'self' 'wasm-unsafe-eval'";

  test("`worker-src 'self'` and the Worker as a file", async ({ page, mock, site }) => {
    site.pageHeaders = policy(mock.url, SCRIPT, "worker-src 'self'");
    await page.goto(site.page("strict.html", { ...mock.access, ...FILES }));
    expect(await outcome(page)).toEqual({ isolation: "worker" });
    await plays(page);
  });

  test("`worker-src blob:` and everything inside the script", async ({ page, mock, site }) => {
    site.pageHeaders = policy(mock.url, SCRIPT, "worker-src blob:");
    await page.goto(site.page("strict.html", mock.access));
    expect(await outcome(page)).toEqual({ isolation: "worker" });
    await plays(page);
  });

  test("no Worker allowed and `getToken`: the page itself, with one warning", async ({ page, mock, site }) => {
    site.pageHeaders = policy(mock.url, SCRIPT, "worker-src 'none'");
    await page.goto(site.page("strict.html"));
    const isolations = await page.evaluate(async (baseUrl) => {
      const getToken = () => ({ token: "aa.bb.cc" });
      const make = async () => (await window.Ansdev.createClient({ baseUrl, getToken })).isolation;
      return [await make(), await make()];
    }, mock.url);
    expect(isolations).toEqual(["page", "page"]);
    const warnings = await page.evaluate(() => window.warnings);
    expect(warnings.filter((text) => text.includes("@ansdev/player"))).toHaveLength(1);
    expect(warnings.join()).toContain("worker-src blob:");
  });

  for (const options of [{}, { isolation: "worker" }]) {
    test(`no Worker allowed, a key and ${JSON.stringify(options)}: UNSUPPORTED says what to allow`, async ({
      page,
      mock,
      site,
    }) => {
      site.pageHeaders = policy(mock.url, SCRIPT, "worker-src 'none'");
      await page.goto(site.page("strict.html", { ...mock.access, ...options }));
      const { code, message } = await outcome(page);
      expect(code).toBe("UNSUPPORTED");
      expect(message).toContain("worker-src blob:");
    });
  }

  test("no 'wasm-unsafe-eval': UNSUPPORTED says what to allow", async ({ page, mock, site }) => {
    site.pageHeaders = policy(mock.url, "script-src 'self'", "worker-src blob:");
    await page.goto(site.page("strict.html", mock.access));
    const { code, message } = await outcome(page);
    expect(code).toBe("UNSUPPORTED");
    expect(message).toContain("'wasm-unsafe-eval'");
  });
});

test.describe("files that are not what they should be", () => {
  const options = (mock: { access: object }, files: object) => ({
    ...mock.access,
    workerUrl: "/sdk/worker.js",
    ...files,
  });

  test("the WebAssembly with another media type is as good", async ({ page, mock, site }) => {
    site.types = { ".wasm": "application/octet-stream" };
    await page.goto(site.page("strict.html", options(mock, {})));
    expect(await outcome(page)).toEqual({ isolation: "worker" });
  });

  test("the WebAssembly that is not there", async ({ page, mock, site }) => {
    await page.goto(site.page("strict.html", options(mock, { wasmUrl: "/nowhere.wasm" })));
    expect(await outcome(page)).toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringContaining("404"),
    });
  });

  test("something else as the WebAssembly", async ({ page, mock, site }) => {
    site.route("/other.wasm", (_request, response) => {
      response.writeHead(200, { "content-type": "application/wasm" }).end("not wasm");
    });
    await page.goto(site.page("strict.html", options(mock, { wasmUrl: "/other.wasm" })));
    expect(await outcome(page)).toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringMatching(/\/other\.wasm is not the ansdev-player\.wasm of @ansdev\/player 0.*wasmUrl/),
    });
  });

  test("the WebAssembly on another origin that does not let the page read it", async ({ page, mock, site }) => {
    const cdn = await Site.start();
    cdn.route("/hidden.wasm", (_request, response) => {
      response.writeHead(200, { "content-type": "application/wasm" }).end("not readable");
    });
    await page.goto(site.page("strict.html", options(mock, { wasmUrl: `${cdn.url}/hidden.wasm` })));
    expect(await outcome(page)).toMatchObject({ code: "UNSUPPORTED", message: expect.stringContaining("CORS") });
    cdn.stop();
  });

  for (const [what, replaced] of [
    ["older", "9.9.9-older"],
    ["so old that it does not say its version", ""],
  ] as const) {
    test(`a worker.js that is ${what}: one error names both versions and the files to copy`, async ({
      page,
      mock,
      site,
    }) => {
      const script = await readFile(new URL("../../../js/dist/worker.js", import.meta.url), "utf8");
      const version = /"(\d+\.\d+\.\d+\+[0-9a-f]{8})"/.exec(script)?.[1] ?? "";
      expect(version).not.toBe("");
      site.route("/old/worker.js", (_request, response) => {
        const old = replaced ? script.replaceAll(version, replaced) : script.replaceAll(`"${version}"`, "undefined");
        response.writeHead(200, { "content-type": "text/javascript" }).end(old);
      });
      const wasmUrl = "/sdk/ansdev-player.wasm";
      await page.goto(site.page("strict.html", options(mock, { workerUrl: "/old/worker.js", wasmUrl })));
      const { code, message } = await outcome(page);
      expect(code).toBe("UNSUPPORTED");
      for (const said of [replaced || "older", version, "worker.js", "ansdev-player.wasm"])
        expect(message).toContain(said);
    });
  }

  test("the Worker's script that is not there", async ({ page, mock, site }) => {
    await page.goto(site.page("strict.html", options(mock, { workerUrl: "/nowhere.js" })));
    expect(await outcome(page)).toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringContaining("Worker"),
    });
  });
});

for (const how of ["a text", "a URL"]) {
  test(`slim takes the WebAssembly's address as ${how}`, async ({ page, mock, site }) => {
    await page.goto(site.page("blank.html"));
    const prefix = await page.evaluate(
      async ([access, kind]) => {
        const { createClient } = await import("@ansdev/player/slim");
        const text = "/sdk/ansdev-player.wasm";
        const wasmUrl = kind === "a URL" ? new URL(text, location.href) : text;
        return (await createClient({ ...access, workerUrl: "/sdk/worker.js", wasmUrl })).keyPrefix;
      },
      [mock.access, how] as const,
    );
    expect(prefix).toBe(mock.apiKey.slice(0, 12));
  });
}

test("slim in the page takes the WebAssembly at its address", async ({ page, mock, site }) => {
  await page.goto(site.page("blank.html"));
  const isolation = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player/slim");
    return (await createClient({ ...access, isolation: "page", wasmUrl: "/sdk/ansdev-player.wasm" })).isolation;
  }, mock.access);
  expect(isolation).toBe("page");
});

test("slim takes neither a Response, nor bytes, nor a module, and `wasmUrl` alone is no Worker", async ({
  page,
  mock,
  site,
}) => {
  await page.goto(site.page("blank.html"));
  const errors = await page.evaluate(async (access) => {
    const slim = await import("@ansdev/player/slim");
    const inline = await import("@ansdev/player");
    const { rejection } = await import("film");
    const given = [await fetch("/sdk/ansdev-player.wasm"), new Uint8Array(8), {}];
    const workerUrl = "/sdk/worker.js";
    return Promise.all([
      ...given.map((wasmUrl) => rejection(slim.createClient({ ...access, workerUrl, wasmUrl } as never))),
      rejection(inline.createClient({ ...access, wasmUrl: "/sdk/ansdev-player.wasm" })),
    ]);
  }, mock.access);
  for (const error of errors) {
    expect(error).toMatchObject({ code: "INVALID_OPTIONS", message: expect.stringContaining("wasmUrl") });
  }
});
