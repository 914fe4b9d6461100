import { expect, test } from "../support/test.ts";

const MASTER = ["#EXTM3U", "#EXT-X-STREAM-INF:BANDWIDTH=1000000", "/rendition.m3u8"];
const RENDITION = ["#EXTM3U", "#EXT-X-TARGETDURATION:2", "#EXTINF:2,", "/segment", "#EXT-X-ENDLIST"];

/** How a rendition's playlist is answered at first; what hls.js makes of it, and after how many requests. */
const CASES = [
  { what: "503 twice: repeated until it is there", statuses: [503, 503], requests: 3, tokens: 1, error: null },
  { what: "401 once: one new token, one repeat", statuses: [401], requests: 2, tokens: 2, error: null },
  { what: "503, then 401: both", statuses: [503, 401], requests: 3, tokens: 2, error: null },
  { what: "401 twice: given up", statuses: [401, 401, 401], requests: 2, tokens: 2, error: "levelLoadError" },
  { what: "404: given up at once", statuses: [404, 404], requests: 1, tokens: 1, error: "levelLoadError" },
];

for (const { what, statuses, requests, tokens, error } of CASES) {
  test(`a rendition's playlist: ${what}`, async ({ page, site }) => {
    const left = [...statuses];
    const asked: (string | undefined)[] = [];
    site.route("/master.m3u8", (_request, response) => {
      response.end(MASTER.join("\n"));
    });
    site.route("/rendition.m3u8", (request, response) => {
      asked.push(request.url);
      response.writeHead(left.shift() ?? 200).end(RENDITION.join("\n"));
    });
    await page.goto(site.page("blank.html"));
    const end = await page.evaluate(async () => {
      const { hlsConfig } = await import("@ansdev/player/hls");
      const { default: Hls } = await import("hls.js");
      let token = 1;
      const hls = new Hls(
        hlsConfig({
          resolve: (url) => Promise.resolve(url.includes("rendition") ? `${url}?token=${token}` : url),
          invalidate: () => token++,
        }),
      );
      const end = new Promise<string | null>((resolve) => {
        hls.on(Hls.Events.LEVEL_LOADED, () => {
          resolve(null);
        });
        hls.on(Hls.Events.ERROR, (_name, { fatal, details }) => {
          if (fatal) resolve(details);
        });
      });
      hls.loadSource("/master.m3u8");
      hls.attachMedia(document.createElement("video"));
      return end;
    });
    expect(end).toBe(error);
    expect(asked).toHaveLength(requests);
    expect(asked.at(-1)).toBe(`/rendition.m3u8?token=${tokens}`);
  });
}
