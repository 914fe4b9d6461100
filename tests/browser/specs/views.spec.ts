import type { Page } from "@playwright/test";

import type { Site } from "../support/site.ts";
import { PLAYERS, type PlayerName, start, toTheEnd, until } from "../support/view.ts";
import { expect, test } from "../support/test.ts";

// Films play in real time: the tests wait far more than they compute.
test.describe.configure({ mode: "parallel" });

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

/** What a view of 24 s costs, by each way to play. */
for (const name of Object.keys(PLAYERS) as PlayerName[]) {
  // The same views in less time: played faster, with tokens that live for as much of the film.
  test.describe(`${name}, at four times the speed, with tokens of 2 s`, () => {
    test.use({ mockFlags: ["--ttl", "2"] });

    test("one key, paused for longer than the token lives, then played to its end: one token", async ({
      page,
      mock,
    }) => {
      await start(page, mock, name, "vid_single_key", { rate: 4 });
      await pausedUntilIdle(page);
      await playToTheEnd(page);
      expect(await mock.mints()).toHaveLength(1);
      expect(await mock.refusals()).toEqual([]);
    });

    test("a film whose keys rotate costs nothing while it is paused in a visible page, and is renewed when it plays", async ({
      page,
      mock,
    }) => {
      await start(page, mock, name, "vid_rotating_keys", { rate: 4 });
      await pausedUntilIdle(page);
      const minted = (await mock.mints()).length;
      // Longer than a token lives.
      await page.waitForTimeout(2_500);
      expect(await mock.mints()).toHaveLength(minted);
      await playToTheEnd(page);
      expect((await mock.mints()).length).toBeGreaterThan(minted);
      expect(await mock.refusals()).toEqual([]);
    });

    // The element knows what hls.js knows, and video.js what Shaka knows.
    const tag = name === "hls" || name === "videojs" ? "@all" : [];
    test("two renditions and one key cost at most two tokens", { tag }, async ({ page, mock }) => {
      await twoRenditions(page);
      await start(page, mock, name, "vid_single_key", { rate: 4 });
      expect(await toTheEnd(page)).toMatchObject({ error: null });
      expect((await mock.mints()).length).toBeLessThanOrEqual(2);
    });
  });

  test(`${name} is watched while it plays, and is seen or heard`, async ({ page, mock }) => {
    await start(page, mock, name, "vid_clear");
    await until(page, 0.5);
    const told = await page.evaluate(async () => {
      const { video } = watching;
      const session = watching.session();
      let isActive: boolean | null = null;
      if (session) session.setActive = (active) => (isActive = active);
      const told: Record<string, boolean | null> = {};
      const note = (what: string): void => {
        told[what] = isActive;
      };
      const after = async (event: string, act: () => unknown): Promise<void> => {
        const came = new Promise((resolve) => {
          video.addEventListener(event, resolve, { once: true });
        });
        act();
        await came;
        // Also listeners that come after this one have heard it.
        await new Promise((resolve) => setTimeout(resolve));
        note(Object.keys(told).includes(event) ? `${event} again` : event);
      };
      const visibility = (value: string): void => {
        Object.defineProperty(document, "visibilityState", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
        note(value);
      };
      const root = video.getRootNode();
      const pictureInPicture = (value: unknown, event: string): void => {
        Object.defineProperty(root, "pictureInPictureElement", { value, configurable: true });
        video.dispatchEvent(new Event(event));
        note(event);
      };
      await after("pause", () => {
        video.pause();
      });
      await after("playing", () => video.play());
      visibility("hidden");
      await after("volumechange", () => (video.muted = false));
      await after("volumechange", () => (video.muted = true));
      pictureInPicture(video, "enterpictureinpicture");
      pictureInPicture(null, "leavepictureinpicture");
      visibility("visible");
      await after("ended", () => (video.currentTime = video.duration - 0.3));
      return told;
    });
    expect(told).toEqual({
      pause: false,
      playing: true,
      hidden: false,
      volumechange: true,
      "volumechange again": false,
      enterpictureinpicture: true,
      leavepictureinpicture: false,
      visible: true,
      ended: false,
    });
  });

  test.describe(`${name}, with tokens of 6 s`, { tag: "@all" }, () => {
    test.use({ mockFlags: ["--ttl", "6"] });

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
      await twoRenditions(page);
      await start(page, mock, name, "vid_single_key");
      expect(await toTheEnd(page)).toMatchObject({ error: null });
      expect((await mock.mints()).length).toBeLessThanOrEqual(2);
    });

    test("one key, paused for longer than the token lives, then played to its end: one token", async ({
      page,
      mock,
    }) => {
      await start(page, mock, name, "vid_single_key");
      await pausedUntilIdle(page);
      await playToTheEnd(page);
      expect(await mock.mints()).toHaveLength(1);
    });

    test("paused in a visible page, a film whose keys rotate costs nothing more", async ({ page, mock }) => {
      await start(page, mock, name, "vid_rotating_keys");
      await pausedUntilIdle(page);
      const minted = (await mock.mints()).length;
      // Longer than two tokens live.
      await page.waitForTimeout(13_000);
      expect(await mock.mints()).toHaveLength(minted);
    });
  });
}

/** Puts a playlist with two renditions before each film's own. */
async function twoRenditions(page: Page): Promise<void> {
  await page.route(/\/playback\/manifest\/[^?]+$/, async (route) => {
    const rendition = (bandwidth: number): string =>
      `#EXT-X-STREAM-INF:BANDWIDTH=${String(bandwidth)}\n${route.request().url()}?of=${String(bandwidth)}`;
    await route.fulfill({
      body: ["#EXTM3U", rendition(200_000), rendition(400_000)].join("\n"),
      contentType: "application/vnd.apple.mpegurl",
      headers: { "access-control-allow-origin": "*" },
    });
  });
}

/** Pauses the film after a while, until its token has expired. */
async function pausedUntilIdle(page: Page): Promise<void> {
  await until(page, 2);
  await page.evaluate(() => {
    watching.video.pause();
  });
  await page.waitForFunction(() => watching.session()?.state === "idle");
}

/** Plays on what was paused, to its end. */
async function playToTheEnd(page: Page): Promise<void> {
  await page.evaluate(() => watching.video.play());
  expect(await toTheEnd(page)).toMatchObject({ error: null });
}

// What tabs share is in the Worker, whatever plays.
test.describe("two tabs with shareAcrossTabs cost what one costs", () => {
  // Both begin within the life of one token, also on a busy machine; the film outlives two.
  test.use({ mockFlags: ["--ttl", "4"] });

  for (const { what, name, isPaused, tokens, ...tag } of [
    { what: "a film with one key", name: "<ansdev-video>", isPaused: false, tokens: 1, tag: "@all" },
    { what: "two renditions and one key", name: "<ansdev-video>", isPaused: false, tokens: 2 },
    { what: "one key, paused for longer than a token lives", name: "hls", isPaused: true, tokens: 1 },
  ] as const) {
    test(`${what}: at most ${String(tokens)}`, tag, async ({ page, mock, site }) => {
      const tabs = await twoTabs(page, site);
      if (tokens === 2) await Promise.all(tabs.map(twoRenditions));
      await Promise.all(
        tabs.map((tab) => start(tab, mock, name, "vid_single_key", { rate: 2.5, shareAcrossTabs: true })),
      );
      if (isPaused) {
        await Promise.all(tabs.map(pausedUntilIdle));
        await Promise.all(tabs.map((tab) => tab.evaluate(() => watching.video.play())));
      }
      expect(await Promise.all(tabs.map(toTheEnd))).toMatchObject([{ error: null }, { error: null }]);
      expect((await mock.mints()).length).toBeLessThanOrEqual(tokens);
      expect(await mock.refusals()).toEqual([]);
    });
  }

  test("own hls.js, paused in visible tabs: nothing more", async ({ page, mock, site }) => {
    const tabs = await twoTabs(page, site);
    await Promise.all(tabs.map((tab) => start(tab, mock, "hls", "vid_rotating_keys", { shareAcrossTabs: true })));
    await Promise.all(tabs.map(pausedUntilIdle));
    const minted = (await mock.mints()).length;
    // Longer than a token lives.
    await page.waitForTimeout(4_500);
    expect(await mock.mints()).toHaveLength(minted);
  });
});

async function twoTabs(page: Page, site: Site): Promise<Page[]> {
  const other = await page.context().newPage();
  await other.goto(site.page("blank.html"));
  return [page, other];
}

for (const name of ["hls", "shaka", "videojs"] as const) {
  test.describe(`${name}, destroyed without detaching`, () => {
    test.use({ mockFlags: ["--ttl", "2"] });

    test("asks and mints no more, whatever its video does then", async ({ page, mock }) => {
      await start(page, mock, name, "vid_rotating_keys");
      await until(page, 1);
      await page.evaluate(async () => {
        const { player, video } = watching;
        if (player?.destroy) await player.destroy();
        else player?.dispose?.();
        // The page goes on with the element, or with another.
        const canvas = document.body.appendChild(document.createElement("canvas"));
        canvas.getContext("2d")?.fillRect(0, 0, 1, 1);
        video.srcObject = canvas.captureStream(30);
        document.body.append(video);
        await video.play();
      });
      await page.waitForFunction(() => watching.session()?.state === "idle");
      const asked = (await mock.journal()).length;
      // Longer than a token lives.
      await page.waitForTimeout(2_500);
      expect(await mock.journal()).toHaveLength(asked);
    });
  });
}
