import { expect, test } from "../support/test.ts";

const FILM = "vid_rotating_keys";
const EXPIRED = "PLAYBACK_TOKEN_EXPIRED";

test.use({ mockFlags: ["--ttl", "6"] });

test("a film of 24 s plays to its end on tokens of 6 s, without a stall", async ({ page, mock, site }) => {
  await page.goto(site.page("blank.html"));
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const client = await createClient(access);
      const { element, events, longestGap, until } = film(client, id);
      await element.play();
      const end = await until("ended", "error");
      return { end, events, at: element.currentTime, gap: longestGap(), isolation: client.isolation };
    },
    [mock.access, FILM] as const,
  );
  expect(seen.end, JSON.stringify(seen.events)).toBe("ended");
  expect(seen.at).toBeGreaterThan(23.5);
  test.info().annotations.push({ type: "longest gap between two pictures, in seconds", description: String(seen.gap) });
  expect(seen.gap).toBeLessThan(1);
  expect(seen.isolation).toBe("worker");

  const journal = await mock.journal();
  const minted = journal.filter(({ route, method }) => route === "mint" && method === "POST");
  expect(minted.length, "the first token and at least three renewals").toBeGreaterThanOrEqual(4);
  expect(minted.length, "no more tokens than the film needs").toBeLessThanOrEqual(6);
  expect(journal.filter(({ errorCode }) => errorCode !== null)).toEqual([]);
  expect(seen.events.filter(({ type }) => type === "tokenrefreshed")).toHaveLength(minted.length);
  expect(seen.events.filter(({ type }) => type === "tokenerror")).toEqual([]);
});

const CONTROL = { tag: "@one-engine" };
test(
  "control: with one token from the start, plain hls.js stops before the end",
  CONTROL,
  async ({ page, mock, site }) => {
    await page.goto(site.page("blank.html"));
    const seen = await page.evaluate(
      async ([{ apiKey, baseUrl }, id]) => {
        const { default: Hls } = await import("hls.js");
        const minted = await fetch(`${baseUrl}/v1/video/${id}/playback-token`, {
          method: "POST",
          headers: { "x-ansdev-key": apiKey },
        });
        const { data } = (await minted.json()) as { data: { token: string } };
        const video = document.body.appendChild(document.createElement("video"));
        video.muted = true;
        const hls = new Hls({
          maxBufferLength: 4,
          maxMaxBufferLength: 4,
          xhrSetup: (xhr, url) => {
            xhr.open("GET", url.replace("/video/key/", `/v1/video/playback/key/${data.token}/`), true);
          },
        });
        hls.loadSource(`${baseUrl}/v1/video/playback/manifest/${data.token}`);
        hls.attachMedia(video);
        const end = new Promise<string>((resolve) => {
          video.addEventListener("ended", () => {
            resolve("ended");
          });
          hls.on(Hls.Events.ERROR, (_name, { fatal, details }) => {
            if (fatal) resolve(details);
          });
        });
        await video.play();
        return { end: await end, at: video.currentTime };
      },
      [mock.access, FILM] as const,
    );
    expect(seen.end).toBe("keyLoadError");
    expect(seen.at).toBeLessThan(20);
    expect((await mock.journal()).filter(({ errorCode }) => errorCode === EXPIRED)).not.toEqual([]);
  },
);
