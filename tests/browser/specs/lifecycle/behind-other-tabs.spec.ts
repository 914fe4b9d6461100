import type { Page } from "@playwright/test";

import type { Mock } from "../../support/mock.ts";
import { expect, test } from "../../support/tabs.ts";

const FILM = "vid_rotating_keys";

test.use({ mockFlags: ["--ttl", "6"] });

/** Plays a film in the tab in front. */
async function play(page: Page, mock: Mock, { id = FILM, volume = 0 } = {}): Promise<void> {
  await page.evaluate(
    async ([access, id, volume]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const shown = film(await createClient(access), id);
      // Not muted: Chromium itself pauses a muted film that is hidden.
      Object.assign(shown.element, { muted: false, volume });
      const heard: string[] = [];
      for (const type of ["freeze", "resume"]) document.addEventListener(type, () => heard.push(type));
      window.addEventListener("pageshow", ({ persisted }) => heard.push(`pageshow ${String(persisted)}`));
      Object.assign(window, { shown, heard });
      await shown.element.play();
    },
    [mock.access, id, volume] as const,
  );
  await page.waitForFunction(() => shown.element.currentTime > 1);
}

const heard = async (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard);

/** When the token expires, in Unix milliseconds. */
const expiry = async (page: Page) => page.evaluate(() => shown.element.session?.expiresAt ?? 0);

/** Waits until the page knows that it is hidden; it has no animation frames any more. */
async function hidden(page: Page): Promise<void> {
  await page.waitForFunction(() => document.visibilityState === "hidden", undefined, { polling: 100 });
}

/** Waits in the test, because the page may not run. */
async function passed(moment: number): Promise<void> {
  await expect.poll(() => Date.now()).toBeGreaterThan(moment);
}

/** The film goes on from wherever it is, on a token that the backend takes. */
async function playsOn(page: Page, mock: Mock): Promise<void> {
  const before = await page.evaluate(async () => {
    await shown.element.play();
    return shown.element.currentTime;
  });
  // Past all that was loaded: it takes new keys.
  await page.waitForFunction((before) => shown.element.currentTime > before + 6, before);
  expect(await page.evaluate(() => shown.events.filter(({ type }) => type === "error"))).toEqual([]);
  expect(await mock.refusals()).toEqual([]);
}

test("hidden and silent, a film plays on without renewals; back in front it gets its token", async ({
  page,
  context,
  mock,
  site,
}) => {
  await page.goto(site.page("blank.html"));
  // Its one key is loaded: nothing asks for a token any more, and what is minted is minted ahead of need, of which the
  // page says here that there is one.
  await play(page, mock, { id: "vid_single_key" });
  await page.evaluate(() => shown.element.session?.setNeeded(true));
  const other = await context.newPage();
  await other.bringToFront();
  await hidden(page);
  expect(await mock.mints()).toHaveLength(1);
  await passed((await expiry(page)) + 1_000);
  expect(await page.evaluate(() => shown.element.paused)).toBe(false);
  expect(await mock.mints()).toHaveLength(1);
  await page.bringToFront();
  await expect.poll(async () => (await mock.mints()).length).toBe(2);
});

test("hidden, but to be heard, it goes on", async ({ page, context, mock, site }) => {
  await page.goto(site.page("blank.html"));
  await play(page, mock, { volume: 1 });
  const other = await context.newPage();
  await other.bringToFront();
  await hidden(page);
  const before = await mock.mints();
  await expect.poll(async () => (await mock.mints()).length).toBeGreaterThan(before.length + 1);
  expect(await mock.refusals()).toEqual([]);
});

test("a frozen tab asks for nothing; resumed, it plays on with a token that is valid", async ({
  page,
  context,
  mock,
  site,
}) => {
  await page.goto(site.page("blank.html"));
  await play(page, mock);
  const other = await context.newPage();
  await other.bringToFront();
  const cdp = await context.newCDPSession(page);
  await hidden(page);
  const end = await expiry(page);
  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  const before = await mock.journal();
  await passed(end + 1_000);
  expect(await mock.journal()).toHaveLength(before.length);
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  await page.bringToFront();
  expect(await heard(page)).toEqual(["freeze", "resume"]);
  await playsOn(page, mock);
});

test("from the back/forward cache it plays on with a token that is valid", async ({ page, mock, site }) => {
  await page.goto(site.page("blank.html"));
  await play(page, mock);
  const end = await expiry(page);
  await page.goto(site.page("blank.html", { another: "page" }));
  const before = await mock.mints();
  await passed(end + 1_000);
  expect(await mock.mints(), "nobody watches what is in the cache").toHaveLength(before.length);
  await page.goBack({ waitUntil: "commit" });
  expect(await heard(page)).toEqual(["freeze", "resume", "pageshow true"]);
  await playsOn(page, mock);
});
