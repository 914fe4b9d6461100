import { expect, test } from "../support/test.ts";

/** Plays a film from `from` for some seconds, and tells what was seen. */
const FILMS = [
  { what: "the film that is not encrypted", id: "vid_clear", from: 0, keys: 0, width: 320, duration: 24 },
  { what: "the film with one key and an IV", id: "vid_single_key", from: 0, keys: 1, width: 320, duration: 24 },
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

test("of two renditions, each plays, behind the token", async ({ page, mock, site }) => {
  await page.goto(site.page("blank.html"));
  const widths = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { film } = await import("film");
    const { element } = film(await createClient(access), "vid_two_renditions", {
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
  }, mock.access);
  expect(widths).toEqual([160, 320]);
  const playlists = (await mock.journal()).filter(({ route }) => route === "manifest").map(({ path }) => path);
  expect(playlists.some((path) => path.endsWith("/480p.m3u8"))).toBe(true);
  expect(playlists.some((path) => path.endsWith("/720p.m3u8"))).toBe(true);
  expect(await mock.refusals()).toEqual([]);
});
