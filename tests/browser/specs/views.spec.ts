import type { Page } from "@playwright/test";

import type { Mock } from "../support/mock.ts";
import { expect, test } from "../support/test.ts";

/** What a view costs, with tokens of 6 s and films of 24 s, by each way to play. */
const PLAYERS = {
  "<ansdev-video>": null,
  hls: null,
  shaka: "/node_modules/shaka-player/dist/shaka-player.compiled.js",
  videojs: "/node_modules/video.js/dist/video.js",
} as const;
type Name = keyof typeof PLAYERS;

// Films play in real time: the tests wait far more than they compute.
test.describe.configure({ mode: "parallel" });
test.use({ mockFlags: ["--ttl", "6"] });

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

/** Begins to play; the page has `watching` then. */
async function start(page: Page, mock: Mock, name: Name, id: string): Promise<void> {
  const script = PLAYERS[name];
  if (script) await page.addScriptTag({ url: script });
  await page.evaluate(
    async ([access, name, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { watch } = await import("watch");
      const client = await createClient(access);
      if (name === "<ansdev-video>") {
        const { film } = await import("film");
        const { element, until } = film(client, id);
        void element.play();
        const ended = until("ended", "error").then((end) => (end === "ended" ? null : (element.error as never)));
        const { longestGap } = watch(element.nativeEl);
        Object.assign(window, {
          watching: { video: element.nativeEl, session: () => element.session, ended, longestGap },
        });
      } else {
        const { play } = await import("players");
        const session = await client.openSession(id);
        const playing = await play(name, session, await session.manifestUrl());
        Object.assign(window, { watching: { ...playing, ...watch(playing.video), session: () => session } });
      }
    },
    [mock.access, name, id] as const,
  );
}

/** Waits for the film's end. */
async function toTheEnd(page: Page): Promise<{ error: string | null; at: number; gap: number }> {
  return page.evaluate(async () => {
    const error = await watching.ended;
    return { error: error && String(error), at: watching.video.currentTime, gap: watching.longestGap() };
  });
}

/** Waits until the film has got on so far. */
async function until(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction((seconds) => watching.video.currentTime >= seconds, seconds);
}

for (const name of Object.keys(PLAYERS) as Name[]) {
  test.describe(name, () => {
    test("a film with one key costs one token", async ({ page, mock }) => {
      await start(page, mock, name, "vid_single_key");
      expect(await toTheEnd(page)).toMatchObject({ error: null });
      expect(await mock.mints()).toHaveLength(1);
      expect(await mock.refusals()).toEqual([]);
    });

    test("a film whose keys rotate is renewed ahead, and does not stall", async ({ page, mock }) => {
      await start(page, mock, name, "vid_rotating_keys");
      const { error, at, gap } = await toTheEnd(page);
      expect(error).toBeNull();
      expect(at).toBeGreaterThan(23.5);
      expect(gap).toBeLessThan(1);
      expect((await mock.mints()).length).toBeGreaterThanOrEqual(3);
      expect(await mock.refusals()).toEqual([]);
    });

    test("two renditions and one key cost at most two tokens", async ({ page, mock }) => {
      await page.route(/\/playback\/manifest\/[^?]+$/, async (route) => {
        const rendition = (bandwidth: number): string =>
          `#EXT-X-STREAM-INF:BANDWIDTH=${String(bandwidth)}\n${route.request().url()}?of=${String(bandwidth)}`;
        await route.fulfill({
          body: ["#EXTM3U", rendition(200_000), rendition(400_000)].join("\n"),
          contentType: "application/vnd.apple.mpegurl",
          headers: { "access-control-allow-origin": "*" },
        });
      });
      await start(page, mock, name, "vid_single_key");
      expect(await toTheEnd(page)).toMatchObject({ error: null });
      expect((await mock.journal()).filter(({ route }) => route === "manifest")).not.toEqual([]);
      expect((await mock.mints()).length).toBeLessThanOrEqual(2);
    });

    test("one key, paused for longer than the token lives, then played to its end: one token", async ({
      page,
      mock,
    }) => {
      await start(page, mock, name, "vid_single_key");
      await until(page, 2);
      await page.evaluate(() => {
        watching.video.pause();
      });
      await page.waitForFunction(() => watching.session()?.state === "idle");
      await page.evaluate(() => watching.video.play());
      expect(await toTheEnd(page)).toMatchObject({ error: null });
      expect(await mock.mints()).toHaveLength(1);
    });

    test("paused in a visible page, a film whose keys rotate costs nothing more", async ({ page, mock }) => {
      await start(page, mock, name, "vid_rotating_keys");
      await until(page, 2);
      await page.evaluate(() => {
        watching.video.pause();
      });
      await expect.poll(() => page.evaluate(() => watching.session()?.state)).toBe("idle");
      const minted = (await mock.mints()).length;
      // Longer than two tokens live.
      await page.waitForTimeout(13_000);
      expect(await mock.mints()).toHaveLength(minted);
    });
  });
}
