/** Playlists that lie about themselves never stop a film: in doubt, tokens are renewed. */
import type { Page } from "@playwright/test";

import { PLAYERS, type PlayerName, start } from "../support/view.ts";
import { expect, test } from "../support/test.ts";

/** The address of a playlist of the film, as the player asks for it; one with `?` is a rendition of the test's own. */
const PLAYLIST = /\/playback\/manifest\//;

const UNUSED = "keys that are named and never used";
const MASTER = "a master with renditions that do not exist";

/** What a playlist is made into. */
const LIES: Record<string, { id: string; lie: (playlist: string, url: string) => string }> = {
  "no ENDLIST, and never updated": {
    id: "vid_rotating_keys",
    lie: (playlist) => playlist.replace("#EXT-X-ENDLIST", ""),
  },
  [UNUSED]: {
    id: "vid_single_key",
    lie: (playlist, url) => {
      const unused = (name: string): string =>
        `#EXT-X-KEY:METHOD=AES-128,URI="${new URL(`/v1/video/key/${name}`, url).href}"\n`;
      return playlist
        .replace("#EXT-X-KEY", `${unused("first")}#EXT-X-KEY`)
        .replace("#EXT-X-ENDLIST", `${unused("last")}#EXT-X-ENDLIST`);
    },
  },
  [MASTER]: {
    id: "vid_rotating_keys",
    lie: (playlist, url) => {
      if (url.includes("?")) return playlist;
      const rendition = (bandwidth: number, of: string): string =>
        `#EXT-X-STREAM-INF:BANDWIDTH=${String(bandwidth)},CODECS="avc1.42c00d"\n${url}?of=${of}`;
      return ["#EXTM3U", rendition(200_000, "there"), rendition(400_000, "gone"), rendition(900_000, "lost")].join(
        "\n",
      );
    },
  },
};

// Films play in real time: the tests wait far more than they compute.
test.describe.configure({ mode: "parallel" });
test.use({ mockFlags: ["--ttl", "2"] });

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

for (const name of Object.keys(PLAYERS) as PlayerName[]) {
  for (const [what, { id, lie }] of Object.entries(LIES)) {
    // Shaka itself loads no such master (1001), with a session or without.
    if (name === "shaka" && what === MASTER) continue;
    // In short: each lie once. The element knows what hls.js knows, and video.js what Shaka knows.
    const isShort = name === (what === UNUSED ? "shaka" : "<ansdev-video>");
    const tag = isShort ? [] : "@all";
    test(`${name}: ${what}`, { tag }, async ({ page, mock }) => {
      await page.route(PLAYLIST, async (route) => {
        const url = route.request().url();
        if (/of=(gone|lost)/.test(url)) {
          await route.fulfill({ status: 404, headers: { "access-control-allow-origin": "*" } });
          return;
        }
        const response = await route.fetch();
        const isPlaylist = response.ok();
        await route.fulfill({ response, ...(isPlaylist && { body: lie(await response.text(), url) }) });
      });
      await start(page, mock, name, id, { rate: 4 });
      expect(await playAll(page)).toBe("all of it");
      // Other tokens than the first one served it.
      if (id === "vid_rotating_keys") expect((await mock.mints()).length).toBeGreaterThan(1);
      expect((await mock.refusals()).filter(({ status }) => status !== 404)).toEqual([]);
    });
  }
}

/** Plays a film of 24 s from its beginning, wherever the player has begun, until all of it was shown. */
async function playAll(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { video, ended } = watching;
    const shown = new Promise<string>((resolve) => {
      const look = (): void => {
        // The last second of a live film may stay behind its edge.
        if (video.currentTime > 23) resolve("all of it");
      };
      const begin = (): void => {
        if (video.currentTime > 2) video.currentTime = 0;
        void video.play();
        video.addEventListener("timeupdate", look);
      };
      if (video.readyState > 1) begin();
      else video.addEventListener("loadeddata", begin, { once: true });
    });
    return Promise.race([shown, ended.then((error) => (error ? String(error) : "all of it"))]);
  });
}
