import type { Tab } from "../support/tab.ts";

import type { Site } from "../../browser/support/site.ts";
import { expect, test } from "../support/test.ts";

/** Players that a page may have already, and that play a session by `attachSession`. */
const PLAYERS = {
  shaka: "/node_modules/shaka-player/dist/shaka-player.compiled.js",
  videojs: "/node_modules/video.js/dist/video.js",
} as const;
type Name = keyof typeof PLAYERS;

/** Films of 24 s, how many tokens of 6 s they need, and how the addresses of the playlists that every player loads end. */
const FILMS = [
  { what: "a film", id: "vid_rotating_keys", mints: 4, playlists: ["…"], tags: [] },
  // The API redirects to a playlist with relative segments.
  {
    what: "a film on the CDN",
    id: "vid_on_cdn",
    mints: 1,
    playlists: ["…", "/cdn/job_on_cdn/master.m3u8"],
    tags: ["@one-engine"],
  },
  {
    what: "a film with two renditions on the CDN",
    id: "vid_two_on_cdn",
    mints: 4,
    playlists: ["…", "/cdn/job_two_on_cdn/master.m3u8"],
    tags: ["@one-engine"],
  },
];

/** Neither player gets anywhere in WebKitGTK, without a session and with a clear film no more than with both. */
const PLAYS = "@not-in-webkitgtk";

const PLAYLIST = [
  "#EXTM3U",
  "#EXT-X-TARGETDURATION:2",
  '#EXT-X-KEY:METHOD=AES-128,URI="/key"',
  "#EXTINF:2,",
  "/segment.ts",
  "#EXT-X-ENDLIST",
];

for (const name of Object.keys(PLAYERS) as Name[]) {
  test.describe(name, () => {
    test.beforeEach(async ({ page, site }) => {
      await page.goto(site.page("blank.html"));
      await page.addScriptTag({ url: PLAYERS[name] });
    });

    test.describe("with tokens of 6 s", () => {
      test.use({ mockFlags: ["--ttl", "6"] });

      for (const { what, id, mints, playlists, tags } of FILMS) {
        const tag = [PLAYS, ...tags];
        test(`plays ${what} to its end, and renewals load nothing again`, { tag }, async ({ page, mock }) => {
          const seen = await page.evaluate(
            async ([access, player, videoId]) => {
              const { createClient } = await import("@ansdev/player");
              const { play } = await import("players");
              const { watch } = await import("watch");
              const session = await (await createClient(access)).openSession(videoId);
              const { video, ended } = await play(player, session, await session.manifestUrl());
              const { longestGap } = watch(video);
              return { error: await ended, at: video.currentTime, gap: longestGap() };
            },
            [mock.access, name, id] as const,
          );
          expect(seen.error).toBeNull();
          expect(seen.at).toBeGreaterThan(23.5);
          expect(seen.gap).toBeLessThan(1);
          const journal = await mock.journal();
          expect(journal.filter(({ errorCode }) => errorCode !== null)).toEqual([]);
          expect((await mock.mints()).length).toBeGreaterThanOrEqual(mints);
          const loaded = journal.filter(({ route }) => route === "manifest").map(({ path }) => path);
          expect(loaded).toHaveLength(new Set(loaded).size);
          for (const end of playlists) expect(loaded.filter((path) => path.endsWith(end))).toHaveLength(1);
        });
      }
    });

    test("a revoked key ends it with the error that says so", async ({ page, mock }) => {
      await mock.revoke(mock.apiKey);
      const error = await page.evaluate(
        async ([access, player]) => {
          const { createClient } = await import("@ansdev/player");
          const { plain } = await import("film");
          const { play } = await import("players");
          const session = await (await createClient(access)).openSession("vid_rotating_keys");
          const { ended } = await play(player, session, `${access.baseUrl}/v1/video/playback/manifest/none`);
          return plain(await ended);
        },
        [mock.access, name] as const,
      );
      expect(error).toMatchObject({ cause: { code: "INVALID_API_KEY" } });
      expect(await mock.mints()).toHaveLength(1);
    });

    for (const { what, statuses, keys, isOver } of [
      { what: "401 once: one new token, one repeat", statuses: [401], keys: 2, isOver: false },
      { what: "403 once: one new token, one repeat", statuses: [403], keys: 2, isOver: false },
      { what: "401 twice: no third request with that one", statuses: [401, 401], keys: 2, isOver: true },
    ]) {
      test(what, async ({ page, site }) => {
        const asked = await refuse(page, site, name, statuses, isOver);
        expect(asked.urls.slice(0, keys)).toEqual(["/key?token=1", "/key?token=2"]);
        // Of a refusal that repeats the session is told too.
        const told = isOver ? ["/key?token=1", "/key?token=2"] : ["/key?token=1"];
        expect(asked.refused).toEqual(told.map((url) => `${site.url}${url}`));
      });
    }

    test("after its end the player asks for URLs as they are", async ({ page, site }) => {
      const urls: (string | undefined)[] = [];
      site.route("/playlist.m3u8", (request, response) => {
        urls.push(request.url);
        response.end(PLAYLIST.join("\n"));
      });
      await page.evaluate(async (player) => {
        const { play } = await import("players");
        const source = { resolve: (url: string) => Promise.resolve(`${url}?token`), invalidate: () => undefined };
        Object.assign(window, { playing: await play(player, source, "/playlist.m3u8") });
      }, name);
      await expect.poll(() => urls).toEqual(["/playlist.m3u8?token"]);
      await page.evaluate(() => {
        playing.detach();
        void playing.load("/playlist.m3u8");
      });
      await expect.poll(() => urls).toEqual(["/playlist.m3u8?token", "/playlist.m3u8"]);
    });
  });
}

/** Answers the key's first requests with these statuses, and says what was asked for. */
async function refuse(
  page: Tab,
  site: Site,
  name: Name,
  statuses: number[],
  isOver: boolean,
): Promise<{ urls: string[]; refused: string[] }> {
  const left = [...statuses];
  const urls: string[] = [];
  let answered: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (answered = resolve));
  site.route("/playlist.m3u8", (_request, response) => {
    response.end(PLAYLIST.join("\n"));
  });
  site.route("/segment.ts", (_request, response) => {
    response.end(Buffer.alloc(188 * 16));
  });
  site.route("/key", (request, response) => {
    urls.push(request.url ?? "");
    response.writeHead(left.shift() ?? 200).end(Buffer.alloc(16));
    if (left.length === 0 && urls.length > statuses.length - (isOver ? 1 : 0)) answered();
  });
  const refused = page.evaluate(async (player) => {
    const { play } = await import("players");
    let token = 1;
    const list: string[] = [];
    Object.assign(window, { list });
    await play(
      player,
      {
        resolve: (url: string) =>
          Promise.resolve(url.includes("/key") ? `${url.split("?")[0] ?? ""}?token=${token}` : url),
        invalidate: (rejected?: string) => {
          list.push(rejected ?? "");
          token++;
        },
      },
      "/playlist.m3u8",
    );
  }, name);
  await done;
  await refused;
  // The page hears of the last answer a little later than the server gives it.
  await page.waitForFunction(
    (count) => (window as unknown as { list: string[] }).list.length >= count,
    statuses.length,
  );
  return { urls, refused: await page.evaluate(() => (window as unknown as { list: string[] }).list) };
}
