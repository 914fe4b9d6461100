import type { Page } from "@playwright/test";

import { serveLeaky } from "../../support/attack/leaky-build.ts";
import { Wire } from "../../support/attack/wire.ts";
import { expect, test as base } from "../../support/test.ts";
import { Site } from "../../support/site.ts";

/** `test` with a browser whose every request goes through a proxy of the test's own. */
const test = base.extend<{ wire: Wire; elsewhere: Site }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  wire: async ({}, use) => {
    const wire = await Wire.start();
    await use(wire);
    wire.stop();
  },
  context: async ({ browser, wire }, use) => {
    const context = await browser.newContext({ proxy: { server: wire.url } });
    await use(context);
    await context.close();
  },
  /** An origin that must never hear of the key. */
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  elsewhere: async ({}, use) => {
    const elsewhere = await Site.start();
    await use(elsewhere);
    elsewhere.stop();
  },
});

test("the key is in one header, to one origin, and in nothing else that leaves the browser", async ({
  page,
  mock,
  site,
  wire,
}) => {
  await page.goto(site.page("blank.html"));
  const played = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { live, die } = await import("attack/life.js");
    const { film } = await import("film");
    const life = await live(createClient, access);
    const { element, until } = film(life.client, "vid_rotating_keys");
    const end = until("playing", "error");
    await element.play();
    const outcome = await end;
    element.remove();
    await die(life);
    return outcome;
  }, mock.access);
  expect(played).toBe("playing");
  expect(wire.sightings(mock.apiKey)).toEqual([`${mock.url} x-ansdev-key`]);
  for (const names of wire.headersWith(mock.apiKey)) {
    expect(names).not.toContain("cookie");
    expect(names).not.toContain("referer");
  }
});

test("positive control: the same proxy sees the key in an address, a body, a header, a cookie and a WebSocket", async ({
  page,
  mock,
  site,
  wire,
  elsewhere,
}) => {
  await page.goto(site.page("blank.html"));
  await page.evaluate(
    async ([key, other]) => {
      await fetch(`${other}/blank.html?${btoa(key)}`, { mode: "no-cors" });
      await fetch("/blank.html", { method: "POST", body: new TextEncoder().encode(key) });
      await fetch("/blank.html", { headers: { "x-other": key } });
      document.cookie = `key=${key}`;
      await fetch("/blank.html");
      navigator.sendBeacon(`${other}/beacon`, key);
      const socket = new WebSocket(`${other.replace("http", "ws")}/${key}`);
      await new Promise((resolve) => {
        socket.onclose = resolve;
      });
    },
    [mock.apiKey, elsewhere.url] as const,
  );
  const { host } = new URL(elsewhere.url);
  await expect
    .poll(() => wire.sightings(mock.apiKey))
    .toEqual(
      [
        `${elsewhere.url} address`,
        `${elsewhere.url} body`,
        // Cookies do not tell ports apart.
        `${elsewhere.url} cookie`,
        `${host} body`,
        `${site.url} body`,
        `${site.url} cookie`,
        `${site.url} x-other`,
      ].sort(),
    );
});

/** Has the page's own origin answer like a backend that redirects to another, where the same requests are taken. */
function redirect(site: Site, elsewhere: Site, status: number): void {
  const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
  for (const path of ["/v1/video/vid_clear", "/v1/video/vid_clear/playback-token"]) {
    elsewhere.route(path, (_request, response) => {
      response.writeHead(200, { ...cors, "content-type": "application/json" }).end("{}");
    });
    site.route(path, (request, response) => {
      if (request.method === "OPTIONS") response.writeHead(204, cors).end();
      else response.writeHead(status, { ...cors, location: elsewhere.url + path }).end();
    });
  }
}

/** Reads a video and asks for a token, in vain; the code of the first error. */
async function ask(page: Page, access: object, entry = "@ansdev/player"): Promise<string | number | undefined> {
  return page.evaluate(
    async ([options, module]) => {
      const { createClient } = (await import(module)) as typeof import("@ansdev/player");
      const { rejection } = await import("film");
      const client = await createClient(options as never);
      const error = await rejection(client.videos.get("vid_clear"));
      const session = await client.openSession("vid_clear");
      const given = new AbortController();
      session.addEventListener("tokenerror", () => {
        given.abort();
      });
      await rejection(session.getToken({ signal: given.signal }));
      return error?.code;
    },
    [access, entry] as const,
  );
}

for (const status of [301, 302, 307, 308]) {
  test(`a backend that redirects elsewhere with ${String(status)} does not take the key there`, async ({
    page,
    mock,
    site,
    wire,
    elsewhere,
  }) => {
    redirect(site, elsewhere, status);
    await page.goto(site.page("blank.html"));
    expect(await ask(page, { apiKey: mock.apiKey, baseUrl: site.url })).toBe("NETWORK");
    expect(wire.sightings(mock.apiKey)).toEqual([`${site.url} x-ansdev-key`]);

    // Positive control: an ordinary request with the same header follows, and takes it along.
    await page.evaluate(
      async (key) => fetch("/v1/video/vid_clear", { headers: { "x-ansdev-key": key } }).then(({ status }) => status),
      mock.apiKey,
    );
    expect(wire.sightings(mock.apiKey)).toEqual([`${elsewhere.url} x-ansdev-key`, `${site.url} x-ansdev-key`].sort());
  });
}

test("is found: redirects that are followed", async ({ page, mock, site, wire, elsewhere }) => {
  redirect(site, elsewhere, 307);
  // The core asks for "error" by its number.
  const words = '["follow", "error", "manual"]';
  const change = { file: "ansdev_player.js", from: words, to: '["follow", "follow", "manual"]' };
  const entry = await serveLeaky(site, [change]);
  await page.goto(site.page("blank.html"));
  await ask(page, { apiKey: mock.apiKey, baseUrl: site.url }, site.url + entry);
  expect(wire.sightings(mock.apiKey)).toContain(`${elsewhere.url} x-ansdev-key`);
});
