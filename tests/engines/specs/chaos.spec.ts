import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Gap } from "watch";

import type { Entry, Mock } from "../../browser/support/mock.ts";
import { Network } from "../support/network.ts";
import { expect, test } from "../support/test.ts";

/** Seconds that the film plays; `cargo xtask chaos` makes it longer. */
const SECONDS = Number(process.env["CHAOS_SECONDS"] ?? 60);
/** Seconds that a token lives. */
const LIFE = 5;
/** Milliseconds; less in a short run, between whose troubles a player has less time to fill its buffer. */
const OFFLINE = Math.min(8, SECONDS / 15) * 1_000;
const FROZEN = Math.min(12, SECONDS / 10) * 1_000;
/** Milliseconds without the film getting on that nobody may see. */
const STALL = 2_000;

/**
 * The faults of mint and key requests. Of a hundred, 20 get a 5xx, 10 no answer, 5 a hotel's login page; and 10 wait for
 * 3 s besides. The mock asks one fault after the other, hence the second and third probability.
 */
const FAULTS = [
  { kind: "status", value: 503, probability: 0.2 },
  { kind: "drop", probability: 0.1 / 0.8 },
  { kind: "garbage", probability: 0.05 / 0.7 },
  { kind: "latency", value: 3_000, probability: 0.1 },
] as const;

/** Sets all faults, with other seeds in each life of the backend. */
async function misbehave(mock: Mock, life: number): Promise<void> {
  for (const route of ["mint", "key"] as const) {
    for (const [number, fault] of FAULTS.entries()) await mock.fault({ route, ...fault, seed: life * 10 + number });
  }
}

const folder = mkdtemp(join(tmpdir(), "ansdev-mock-"));
// eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
test.use({ mockFlags: async ({}, use) => use(["--ttl", String(LIFE), "--db", join(await folder, "mock.db")]) });
test.afterAll(async () => rm(await folder, { recursive: true }));

test("chaos: the film plays on", { tag: ["@all", "@db"] }, async ({ page, mock, site, engine, engineBrowser }) => {
  test.setTimeout((SECONDS + 60) * 1_000);
  let backend = mock;
  const journal: Entry[] = [];
  const network = await Network.start(mock.url);
  await misbehave(backend, 0);
  const restart = async (life: number) => {
    journal.push(...(await backend.journal()));
    backend = await backend.restart();
    await misbehave(backend, life);
  };

  await page.goto(site.page("blank.html"));
  await page.evaluate(
    async (access) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const { watchClock } = await import("watch");
      // hls.js with its own defaults, as a page has it that says nothing.
      Object.assign(window, { shown: film(await createClient(access), "vid_ten_minutes", {}) });
      void shown.element.play();
      Object.assign(window, { clock: watchClock(shown.element.nativeEl) });
    },
    { apiKey: mock.apiKey, baseUrl: network.url },
  );
  await page
    .waitForFunction(() => shown.element.currentTime > 0.1)
    .catch(async (cause: unknown) => {
      const { events, element } = await page.evaluate(() => {
        const { currentTime, readyState, networkState, seeking, paused, buffered } = shown.element;
        const ranges = Array.from({ length: buffered.length }, (_, index) => [
          buffered.start(index),
          buffered.end(index),
        ]);
        return { events: shown.events, element: { currentTime, readyState, networkState, seeking, paused, ranges } };
      });
      throw new Error(JSON.stringify({ element, events, sent: network.passed }, null, 1), { cause });
    });
  const began = Date.now();
  const reach = async (part: number) =>
    new Promise((resolve) => setTimeout(resolve, Math.max(0, began + part * SECONDS * 1_000 - Date.now())));
  let frozen = { from: 0, to: 0 };
  try {
    await reach(0.1);
    await restart(1);
    await reach(0.2);
    network.cut();
    // As a browser says when a computer loses its network, and has it again.
    await page.evaluate(() => window.dispatchEvent(new Event("offline")));
    await new Promise((resolve) => setTimeout(resolve, OFFLINE));
    network.mend();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await reach(0.5);
    const from = Date.now();
    await engineBrowser.freeze(FROZEN);
    frozen = { from, to: Date.now() };
    await reach(0.85);
    await restart(2);
    await reach(1);
    journal.push(...(await backend.journal()));
  } finally {
    network.stop();
    if (backend !== mock) await backend.stop();
  }

  const seen = await page.evaluate(() => {
    const { element, events, gaps } = shown;
    const { currentTime: at, paused, buffered } = element;
    const ahead = (buffered.length > 0 ? buffered.end(buffered.length - 1) : 0) - at;
    return { at, paused, ahead, events, gaps: gaps(), standstills: clock.standstills() };
  });
  // A tab that stands still shows nothing; what it takes to go on is its own stall.
  const outsideTheFreeze = ({ from, to }: Gap) =>
    to - from - Math.max(0, Math.min(to, frozen.to) - Math.max(from, frozen.from));
  const stalls = seen.standstills.filter((gap) => outsideTheFreeze(gap) > STALL);
  const dark = seen.gaps.filter((gap) => outsideTheFreeze(gap) > STALL);
  const longest = Math.max(0, ...seen.gaps.map(outsideTheFreeze));
  const hit = journal.filter(({ route, method }) => (route === "mint" || route === "key") && method !== "OPTIONS");
  const withToken = network.passed.filter(({ tokenExpires }) => tokenExpires !== null);
  const expired = withToken.filter(({ at, tokenExpires }) => at >= (tokenExpires ?? 0));
  const refused = withToken.filter(({ status }) => status === 401 || status === 403);
  const errors = seen.events.filter(({ type }) => type === "error" || type === "tokenerror");
  const fatal = errors.filter(({ type, willRetry }) => type === "error" || willRetry === false);
  const thrown = await page.thrown();
  const figures = {
    "film played, in seconds": seen.at.toFixed(0),
    "tokens asked for": hit.filter(({ route }) => route === "mint").length,
    "keys asked for": hit.filter(({ route }) => route === "key").length,
    "of these, 5xx": hit.filter(({ errorCode }) => errorCode === "MOCK_FAULT").length,
    "of these, dropped": hit.filter(({ status }) => status === null).length,
    "errors that were retried": errors.length - fatal.length,
    "stalls over 2 s, without the freeze": stalls.length,
    "longest time without a new picture, in seconds": longest > 0 ? (longest / 1_000).toFixed(1) : "under 1",
    "fatal errors": fatal.length,
    "requests sent with an expired token": expired.filter(({ isBrowsersRepeat }) => !isBrowsersRepeat).length,
    "requests that the browser sent again": expired.filter(({ isBrowsersRepeat }) => isBrowsersRepeat).length,
    "requests whose token expired on the way": refused.length,
    "unhandled rejections": thrown.length,
  };
  for (const [type, value] of Object.entries(figures)) {
    test.info().annotations.push({ type, description: String(value) });
  }

  const sent = network.passed.map(
    ({ at, path, status }) => `${at - began} ms: ${path.slice(-30)} ${status ?? "broken"}`,
  );
  const story = JSON.stringify({ ...seen, frozen, began, sent }, null, 1);
  expect.soft(fatal, story).toEqual([]);
  expect.soft(thrown).toEqual([]);
  expect.soft(stalls, story).toEqual([]);
  // WebKitGTK's clock goes on while its process stands still. Afterwards it decodes what nobody saw, to the present.
  const isCatchingUp = ({ from, to }: Gap) => from >= frozen.from && to <= frozen.to + 2 * FROZEN;
  expect.soft(engine === "webkit" ? dark.filter((gap) => !isCatchingUp(gap)) : dark, story).toEqual([]);
  const isFreeze = ({ from, to }: Gap) => from < frozen.from + STALL && to > frozen.to - STALL;
  expect.soft(seen.standstills.filter(isFreeze), "it was frozen").toHaveLength(1);
  expect.soft(expired.filter(({ isBrowsersRepeat }) => !isBrowsersRepeat)).toEqual([]);
  // The backend reads the token only when the request's 3 s are over.
  const lateness = refused.map(({ at, tokenExpires }) => (tokenExpires ?? 0) - at);
  expect.soft(lateness.filter((left) => left > 3_100)).toEqual([]);
  expect.soft(seen.paused).toBe(false);
  expect.soft(seen.at, "short halts add up to little").toBeGreaterThan(0.8 * (SECONDS - FROZEN / 1_000));
  // There was chaos at all.
  expect.soft(figures["of these, 5xx"]).toBeGreaterThan(0);
  expect.soft(figures["of these, dropped"]).toBeGreaterThan(0);
});
