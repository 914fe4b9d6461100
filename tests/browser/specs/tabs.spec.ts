import type { Page } from "@playwright/test";

import type { Mock } from "../support/mock.ts";
import { expect, test } from "../support/test.ts";

const FILM = "vid_rotating_keys";

/** Makes a client and a session in a tab, for `ask`; what other scripts of the site can overhear is kept. */
async function open(page: Page, mock: Mock, shareAcrossTabs: boolean): Promise<void> {
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const overheard: unknown[] = [];
      new BroadcastChannel(`ansdev-player ${access.baseUrl}/`).onmessage = ({ data }) => overheard.push(data);
      const client = await createClient(access);
      Object.assign(window, { overheard, session: await client.openSession(id) });
    },
    [{ ...mock.access, shareAcrossTabs }, FILM] as const,
  );
}

interface Tab {
  session: { getToken(): Promise<string>; expiresAt: number };
  overheard: unknown[];
}

const ask = (page: Page) => page.evaluate(() => (window as unknown as Tab).session.getToken());

async function minted(mock: Mock): Promise<number> {
  return (await mock.journal()).filter(({ route, method }) => route === "mint" && method === "POST").length;
}

test("a second tab finds the token of the first, and has no other expiry for it", async ({ page, mock, site }) => {
  const other = await page.context().newPage();
  for (const tab of [page, other]) {
    await tab.goto(site.page("blank.html"));
    await open(tab, mock, true);
  }
  const token = await ask(page);
  expect(await ask(other)).toBe(token);
  expect(await minted(mock)).toBe(1);
  const [first = 0, second = 0] = await Promise.all(
    [page, other].map((tab) => tab.evaluate(() => (window as unknown as Tab).session.expiresAt)),
  );
  expect(Math.abs(first - second)).toBeLessThan(100);
});

test("a tab that comes later asks the others before it mints", async ({ page, mock, site }) => {
  await page.goto(site.page("blank.html"));
  await open(page, mock, true);
  const token = await ask(page);
  const later = await page.context().newPage();
  await later.goto(site.page("blank.html"));
  await open(later, mock, true);
  expect(await ask(later)).toBe(token);
  expect(await minted(mock)).toBe(1);
});

test("four tabs that ask at the same moment cost one token, and the key is on no channel", async ({
  page,
  mock,
  site,
}) => {
  const tabs = [page, ...(await Promise.all([1, 2, 3].map(() => page.context().newPage())))];
  for (const tab of tabs) {
    await tab.goto(site.page("blank.html"));
    await open(tab, mock, true);
  }
  const tokens = await Promise.all(tabs.map(ask));
  expect(new Set(tokens).size).toBe(1);
  expect(await minted(mock)).toBe(1);
  const heard = JSON.stringify(await page.evaluate(() => (window as unknown as Tab).overheard));
  expect(heard, "the control: this test hears what goes over the channel").toContain(tokens[0]);
  expect(heard).not.toContain(mock.apiKey.slice(8));
});

test("a tab that keeps the turn for ever stops nobody", async ({ page, mock, site }) => {
  await page.goto(site.page("blank.html"));
  await page.evaluate((name) => {
    void navigator.locks.request(name, () => new Promise(() => undefined));
  }, `ansdev-player ${mock.url}/ ${FILM}`);
  await expect.poll(() => page.evaluate(async () => (await navigator.locks.query()).held?.length)).toBe(1);
  await open(page, mock, true);
  expect(await ask(page)).toMatch(/^ey/);
  expect(await minted(mock)).toBe(1);
});

test("a tab that is closed while it mints leaves the turn to the others", async ({ page, mock, site }) => {
  await mock.fault({ route: "mint", kind: "latency", value: 60_000, times: 1 });
  const dying = await page.context().newPage();
  for (const tab of [dying, page]) {
    await tab.goto(site.page("blank.html"));
    await open(tab, mock, true);
  }
  const sent = dying.waitForRequest(/playback-token/);
  const lost = ask(dying).catch(() => "closed");
  await sent;
  const waiting = ask(page);
  await dying.close();
  expect(await lost).toBe("closed");
  expect(await waiting).toMatch(/^ey/);
});

test("without the option each tab has its own", async ({ page, mock, site }) => {
  const other = await page.context().newPage();
  for (const tab of [page, other]) {
    await tab.goto(site.page("blank.html"));
    await open(tab, mock, false);
    await ask(tab);
  }
  expect(await minted(mock)).toBe(2);
});
