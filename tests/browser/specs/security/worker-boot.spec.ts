/** Ways to boot the Worker that specs/loading.spec.ts does not have. */
import type { Page } from "@playwright/test";

import { expect, test } from "../../support/test.ts";
import { Site } from "../../support/site.ts";

interface Outcome {
  isolation?: string;
  code?: string;
  message?: string;
}

/** What the page's createClient came to (pages/strict.js), or the one made with the script of a CDN. */
async function outcome(page: Page): Promise<Outcome> {
  return page.evaluate(() => (window as unknown as { outcome: Promise<Outcome> }).outcome);
}

const csp = (...directives: string[]) => ({ "content-security-policy": directives.join("; ") });
const SCRIPT = "script-src 'self' 'wasm-unsafe-eval'";
const FILES = { workerUrl: "/sdk/worker.js", wasmUrl: "/sdk/ansdev-player.wasm" };

test.describe("Trusted Types", () => {
  const required = (mock: string, policies: string) =>
    csp(SCRIPT, "worker-src blob:", `connect-src 'self' ${mock}`, "require-trusted-types-for 'script'", policies);

  test("boots with the policy ansdev-player alone", async ({ page, mock, site }) => {
    site.pageHeaders = required(mock.url, "trusted-types ansdev-player");
    await page.goto(site.page("strict.html", mock.access));
    expect(await outcome(page)).toEqual({ isolation: "worker" });
  });

  test("where the policy is not allowed: UNSUPPORTED names it", async ({ page, mock, site }) => {
    site.pageHeaders = required(mock.url, "trusted-types another");
    await page.goto(site.page("strict.html", mock.access));
    const { code, message } = await outcome(page);
    expect(code).toBe("UNSUPPORTED");
    expect(message).toContain("trusted-types ansdev-player");
  });

  test("a default policy is not handed the Worker's address, even where ours is taken", async ({
    page,
    mock,
    site,
  }) => {
    site.pageHeaders = required(mock.url, "trusted-types ansdev-player default");
    await page.goto(site.page("strict.html", mock.access));
    await outcome(page);
    const seen = await page.evaluate(async (access) => {
      // hls.js starts a Worker of its own for a film, without a policy.
      document.querySelector("ansdev-video")?.remove();
      const addresses: string[] = [];
      const { trustedTypes } = window as unknown as {
        trustedTypes: { createPolicy(name: string, rules: object): unknown };
      };
      trustedTypes.createPolicy("default", { createScriptURL: (url: string) => void addresses.push(url) });
      const { isolation } = await window.Ansdev.createClient(access);
      // Positive control: a Worker of the page's own goes through it.
      const own = URL.createObjectURL(new Blob([""]));
      const refused = (() => {
        try {
          new Worker(own).terminate();
          return "made";
        } catch {
          return "refused";
        }
      })();
      return { isolation, refused, isOwnSeen: addresses.includes(own), count: addresses.length };
    }, mock.access);
    expect(seen).toEqual({ isolation: "worker", refused: "refused", isOwnSeen: true, count: 1 });
  });
});

test("a page that is cross-origin isolated", async ({ page, mock, site }) => {
  site.pageHeaders = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  };
  await page.goto(site.page("strict.html", mock.access));
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await outcome(page)).toEqual({ isolation: "worker" });
  const token = await page.evaluate(async () => {
    const client = document.querySelector("ansdev-video")?.client;
    return (await client?.openSession("vid_clear"))?.getToken();
  });
  expect(token).toMatch(/^ey/);
});

test.describe("a script tag from a CDN", () => {
  /** Loads the script from the other origin, and makes a client. */
  async function viaCdn(page: Page, site: Site, cdn: Site, mock: string, worker: string, options: object) {
    const script = `script-src 'self' ${cdn.url} 'unsafe-inline' 'wasm-unsafe-eval'`;
    site.pageHeaders = csp(script, `worker-src ${worker}`, `connect-src 'self' ${mock} ${cdn.url}`);
    await page.goto(site.page("blank.html"));
    await page.addScriptTag({ url: `${cdn.url}/sdk/ansdev-player.global.js` });
    return page.evaluate(async (given) => {
      try {
        const getToken = () => ({ token: "aa.bb.cc" });
        const made = "getToken" in given ? { getToken } : given;
        return (await window.Ansdev.createClient(made as never)).isolation;
      } catch (error) {
        return (error as { code: string }).code;
      }
    }, options);
  }

  test("with blob: in worker-src", async ({ page, mock, site }) => {
    const cdn = await Site.start();
    expect(await viaCdn(page, site, cdn, mock.url, "blob:", mock.access)).toBe("worker");
    cdn.stop();
  });

  test("without blob:, the Worker's script on the page's own origin", async ({ page, mock, site }) => {
    const cdn = await Site.start();
    const options = { ...mock.access, workerUrl: "/sdk/worker.js" };
    expect(await viaCdn(page, site, cdn, mock.url, "'self'", options)).toBe("worker");
    cdn.stop();
  });

  test("without either: UNSUPPORTED, and with getToken the page", async ({ page, mock, site }) => {
    const cdn = await Site.start();
    expect(await viaCdn(page, site, cdn, mock.url, "'self'", mock.access)).toBe("UNSUPPORTED");
    expect(await viaCdn(page, site, cdn, mock.url, "'self'", { getToken: true })).toBe("page");
    cdn.stop();
  });
});

test.describe("the Worker's own policy", () => {
  /** What a read comes to, after the client was made. */
  const read = (page: Page) =>
    page.evaluate(async () => {
      const client = document.querySelector("ansdev-video")?.client;
      return client?.videos.get("vid_clear").then(
        () => "read",
        (error: unknown) => (error as { code: string }).code,
      );
    });

  test("a Worker from a blob has the page's: connect-src holds for it", async ({ page, mock, site }) => {
    site.pageHeaders = csp(SCRIPT, "worker-src blob:", "connect-src 'self'");
    await page.goto(site.page("strict.html", mock.access));
    expect(await outcome(page)).toEqual({ isolation: "worker" });
    expect(await read(page)).toBe("NETWORK");
    // Positive control.
    site.pageHeaders = csp(SCRIPT, "worker-src blob:", `connect-src 'self' ${mock.url}`);
    await page.goto(site.page("strict.html", mock.access));
    await outcome(page);
    expect(await read(page)).toBe("read");
  });

  test("a Worker from a file has that of its own answer, which may be stricter than the page's", async ({
    page,
    mock,
    site,
  }) => {
    const options = { ...mock.access, ...FILES };
    const serve = (connect: string) => {
      site.route("/sdk/worker.js", async (_request, response) => {
        const policy = csp("default-src 'none'", "script-src 'wasm-unsafe-eval'", `connect-src 'self' ${connect}`);
        const { readFile } = await import("node:fs/promises");
        const script = await readFile(new URL("../../../../js/dist/worker.js", import.meta.url));
        response.writeHead(200, { "content-type": "text/javascript", ...policy }).end(script);
      });
    };
    serve("");
    await page.goto(site.page("strict.html", options));
    expect(await outcome(page)).toEqual({ isolation: "worker" });
    expect(await read(page)).toBe("NETWORK");
    serve(mock.url);
    await page.goto(site.page("strict.html", options));
    expect(await outcome(page)).toEqual({ isolation: "worker" });
    expect(await read(page)).toBe("read");
  });
});
