import { expect, test } from "../support/test.ts";

/** Plays a film from `from` for some seconds, and tells what was seen. */
const FILMS = [
  { what: "the film that is not encrypted", id: "vid_clear", from: 0, keys: 0, width: 320, duration: 24 },
  { what: "the film with one key and an IV", id: "vid_single_key", from: 0, keys: 1, width: 320, duration: 24 },
  // The API redirects to it, and its segments are named relative to it.
  { what: "the film whose playlist lies on the CDN", id: "vid_on_cdn", from: 0, keys: 1, width: 320, duration: 24 },
  { what: "the end of the film on the CDN", id: "vid_on_cdn", from: 15, keys: 1, width: 320, duration: 24 },
  // A key URI a minute: each is asked for when its first segment is.
  { what: "the start of the two hours", id: "vid_two_hours", from: 0, keys: 1, width: 320, duration: 7200 },
  { what: "the end of the two hours", id: "vid_two_hours", from: 7190, keys: 1, width: 320, duration: 7200 },
];

for (const { what, id, from, keys, width, duration } of FILMS) {
  test(`${what} plays`, async ({ page, mock, site }) => {
    await page.goto(site.page("blank.html"));
    const seen = await page.evaluate(
      async ([access, videoId, start]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        const { element, events, until } = film(await createClient(access), videoId, {
          maxBufferLength: 4,
          maxMaxBufferLength: 4,
          startPosition: start,
        });
        await element.play();
        const from = element.currentTime;
        // To the film's end, or for three seconds.
        const passed = new Promise<string>((resolve) => {
          element.addEventListener("timeupdate", () => {
            if (element.currentTime > from + 3) resolve("passed");
          });
        });
        const end = await (start > 0 ? until("ended", "error") : Promise.race([passed, until("error")]));
        const { videoWidth, duration } = element.nativeEl;
        return { end, at: element.currentTime, videoWidth, duration, events };
      },
      [mock.access, id, from] as const,
    );
    expect(seen.end, JSON.stringify(seen.events)).toBe(from > 0 ? "ended" : "passed");
    expect(seen.at).toBeGreaterThan(from + 3);
    expect(seen.videoWidth).toBe(width);
    expect(seen.duration).toBeCloseTo(duration, 0);
    const journal = await mock.journal();
    expect(journal.filter(({ route }) => route === "mint").filter(({ method }) => method === "POST")).toHaveLength(1);
    const opened = journal.filter(({ route, status }) => route === "key" && status === 200);
    expect(opened).toHaveLength(keys);
    expect(await mock.refusals()).toEqual([]);
  });
}

/** Two renditions, and how the addresses of their playlists end. */
const LADDERS = [
  { what: "behind the token", id: "vid_two_renditions", playlist: ".m3u8" },
  { what: "on the CDN", id: "vid_two_on_cdn", playlist: "/playlist.m3u8" },
];

for (const { what, id, playlist } of LADDERS) {
  test(`of two renditions, each plays, ${what}`, async ({ page, mock, site }) => {
    await page.goto(site.page("blank.html"));
    const widths = await page.evaluate(
      async ([access, videoId]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        const { element } = film(await createClient(access), videoId, {
          startLevel: 0,
          maxBufferLength: 2,
          maxMaxBufferLength: 2,
        });
        const shows = async (width: number): Promise<number> =>
          new Promise((resolve) => {
            const check = (): void => {
              if (element.nativeEl.videoWidth === width) resolve(width);
            };
            element.nativeEl.addEventListener("resize", check);
            check();
          });
        await element.play();
        const hls = element.hls;
        if (!hls) throw new Error("There is no engine");
        const seen = [];
        for (const [level, { width }] of hls.levels.entries()) {
          hls.nextLevel = level;
          seen.push(await shows(width));
        }
        return seen;
      },
      [mock.access, id] as const,
    );
    expect(widths).toEqual([160, 320]);
    const playlists = (await mock.journal()).filter(({ route }) => route === "manifest").map(({ path }) => path);
    expect(playlists.some((path) => path.endsWith(`/480p${playlist}`))).toBe(true);
    expect(playlists.some((path) => path.endsWith(`/720p${playlist}`))).toBe(true);
    expect(await mock.refusals()).toEqual([]);
  });
}

test("the CDN is another origin, and both answer a page of a third", async ({ page, mock, site }) => {
  await page.goto(site.page("blank.html"));
  const answer = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const session = await (await createClient(access)).openSession("vid_on_cdn");
    const address = await session.manifestUrl();
    return await new Promise<{ status: number; url: string; text: string }>((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.open("GET", address);
      xhr.onloadend = () => {
        resolve({ status: xhr.status, url: xhr.responseURL, text: xhr.responseText });
      };
      xhr.send();
    });
  }, mock.access);
  const cdn = mock.url.replace("127.0.0.1", "localhost");
  expect(answer).toMatchObject({ status: 200, url: `${cdn}/cdn/job_on_cdn/master.m3u8` });
  expect(answer.text).toContain(`URI="${mock.url}/video/key/job_on_cdn"`);
  expect(answer.text).toContain("\nchunk_0000.ts\n");
  const playlists = (await mock.journal()).filter(({ route }) => route === "manifest");
  // A browser does not tell the second origin which page the first one was asked by.
  expect(playlists.map(({ status, origin }) => [status, origin])).toEqual([
    [302, site.url],
    [200, "null"],
  ]);
});
