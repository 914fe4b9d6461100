import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Tab } from "../support/tab.ts";

import type { Mock } from "../../browser/support/mock.ts";
import { playFilm } from "../../browser/support/play-film.ts";
import { expect, test } from "../support/test.ts";

const FILM = "vid_rotating_keys";

/** Plays a video until it errs, and says what the element then shows. */
async function failure(page: Tab, mock: Mock, id: string, apiKey = mock.apiKey) {
  return page.evaluate(
    async ([access, videoId]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain, rejection } = await import("film");
      const { element, events, until } = film(await createClient(access), videoId);
      const erred = until("error");
      const played = await rejection(element.play());
      await erred;
      return { error: plain(element.error), events, played, at: element.currentTime };
    },
    [{ ...mock.access, apiKey }, id] as const,
  );
}

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

for (const { what, id, apiKey, code, fatal } of [
  {
    what: "a wrong key",
    id: FILM,
    apiKey: "ak_test_00000000000000000000000000000000",
    code: "INVALID_API_KEY",
    fatal: true,
  },
  { what: "a missing video", id: "vid_nowhere", apiKey: undefined, code: "VIDEO_NOT_FOUND", fatal: true },
  {
    what: "a video that is not ready",
    id: "vid_in_the_making",
    apiKey: undefined,
    code: "VIDEO_NOT_READY",
    fatal: true,
  },
]) {
  test(`${what} gives ${code}, after one try`, async ({ page, mock }) => {
    const { error, events } = await failure(page, mock, id, apiKey);
    expect(error).toMatchObject({ name: "PlaybackError", code: 4 });
    expect(error?.cause).toMatchObject({ name: "AnsdevError", code, retryable: false, fatal, videoId: id });
    expect(events.filter(({ type }) => type === "tokenerror")).toMatchObject([{ error: { code }, willRetry: false }]);
    const minted = (await mock.journal()).filter(({ route, method }) => route === "mint" && method === "POST");
    expect(minted).toHaveLength(1);
  });
}

for (const route of ["mint", "key", "segment"] as const) {
  test(`a login page in the place of a ${route} or two is waited out, and the film plays on`, async ({
    page,
    mock,
  }) => {
    await playFilm(page, mock.access, FILM);
    await page.waitForFunction(() => shown.element.currentTime > 1);
    await mock.fault({ route, kind: "garbage", times: 2 });
    if (route === "mint") await page.evaluate(() => shown.element.session?.invalidate());
    await page.waitForFunction(() => shown.element.currentTime > 10);
    expect(await page.evaluate(() => shown.events.filter(({ type }) => type === "error"))).toEqual([]);
  });
}

test.describe("with tokens of 6 s", () => {
  test.use({ mockFlags: ["--ttl", "6"] });

  test("a key that is revoked while the film plays ends it with INVALID_API_KEY", async ({ page, mock }) => {
    const failed = failure(page, mock, FILM);
    await expect.poll(async () => (await mock.journal()).some(({ route }) => route === "segment")).toBe(true);
    await mock.revoke(mock.apiKey);
    const { error, events, at } = await failed;
    expect(error).toMatchObject({ name: "PlaybackError", code: 2, cause: { code: "INVALID_API_KEY", fatal: true } });
    expect(events.find(({ type }) => type === "tokenerror")).toMatchObject({ willRetry: false });
    expect(at, "the token that was valid played on").toBeGreaterThan(3);
    const refused = (await mock.journal()).filter(({ errorCode }) => errorCode === "INVALID_API_KEY");
    expect(refused.length, "no retry storm").toBeLessThanOrEqual(3);
  });
});

test.describe("with two tokens a day", { tag: "@one-engine" }, () => {
  test.use({ mockFlags: ["--ttl", "6", "--quota", "2"] });

  test("a spent quota ends the film with RATE_LIMIT_EXCEEDED, and says until when", async ({ page, mock }) => {
    const { error } = await failure(page, mock, FILM);
    expect(error?.cause).toMatchObject({ code: "RATE_LIMIT_EXCEEDED", retryable: true, fatal: false });
    expect(error?.cause?.retryAfter).toBeGreaterThan(0);
  });

  test("the client tells of the quota", async ({ page, mock }) => {
    const seen = await page.evaluate(async (access) => {
      const { createClient } = await import("@ansdev/player");
      const client = await createClient(access);
      const events: { type: string; remaining: number }[] = [];
      for (const type of ["quotachange", "quotalow", "quotaexceeded"] as const) {
        client.addEventListener(type, ({ detail }) => events.push({ type, remaining: detail.remaining }));
      }
      const before = client.quota;
      for (const id of ["vid_single_key", "vid_clear"]) await (await client.openSession(id)).getToken();
      return { before, after: client.quota, events };
    }, mock.access);
    expect(seen.before).toBeNull();
    expect(seen.after).toMatchObject({ limit: 2, remaining: 0 });
    expect(seen.events).toEqual([
      { type: "quotachange", remaining: 1 },
      { type: "quotachange", remaining: 0 },
      { type: "quotalow", remaining: 0 },
      { type: "quotaexceeded", remaining: 0 },
    ]);
  });
});

test.describe("with a backend that remembers", { tag: "@db" }, () => {
  const folder = mkdtemp(join(tmpdir(), "ansdev-mock-"));
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  test.use({ mockFlags: async ({}, use) => use(["--ttl", "6", "--db", join(await folder, "mock.db")]) });
  test.afterAll(async () => rm(await folder, { recursive: true }));

  test("the film goes on when a backend that was gone is back", async ({ page, mock }) => {
    await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        const shown = film(await createClient(access), id);
        Object.assign(window, { shown, ended: shown.until("ended") });
        await shown.element.play();
      },
      [mock.access, FILM] as const,
    );
    await page.waitForFunction(() => shown.element.currentTime > 4);
    await mock.stop();
    await page.waitForFunction(() => shown.events.some(({ type }) => type === "tokenerror"));
    // The picture stops: what was loaded is used up.
    await page.waitForFunction(() => shown.element.nativeEl.readyState < HTMLMediaElement.HAVE_FUTURE_DATA);
    const again = await mock.restart();
    try {
      await page.waitForFunction(() => shown.element.ended, undefined, { timeout: 60_000 });
      const events = await page.evaluate(() => shown.events);
      const [first] = events.filter(({ type }) => type === "tokenerror");
      expect(first).toMatchObject({ error: { code: "NETWORK", retryable: true }, willRetry: true });
      expect(events.filter(({ type }) => type === "error")).toEqual([]);
    } finally {
      await again.stop();
    }
  });
});
