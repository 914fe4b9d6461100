import type { Page } from "@playwright/test";

import type { Mock } from "../../support/mock.ts";
import type { Site } from "../../support/site.ts";
import { Stranger } from "../../support/attack/stranger.ts";
import { expect, test } from "../../support/test.ts";

/** A playlist that names another origin wherever a playlist can name one. */
function hostile(origin: string, own: string, token: string): string {
  const host = new URL(origin).host;
  return `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-KEY:METHOD=AES-128,URI="${origin}/video/key/job_clear"
#EXT-X-MAP:URI="${origin}/v1/video/playback/manifest/old"
#EXTINF:2,
${origin}/cdn/1.ts
#EXT-X-KEY:METHOD=AES-128,URI="//${host}/v1/video/playback/key/old/job_clear"
#EXTINF:2,
//${host}/cdn/2.ts
#EXT-X-KEY:METHOD=AES-128,URI="${own}@${host}/video/key/job_clear"
#EXTINF:2,
${origin}/video/key/job_clear?${own}
#EXT-X-KEY:METHOD=AES-128,URI="${origin}/${own}/v1/video/playback/key/old/job_clear"
#EXTINF:2,
${origin}/cdn/4.ts#${String(token.length)}
#EXT-X-ENDLIST
`;
}

function master(origin: string): string {
  return `#EXTM3U
#EXT-X-SESSION-KEY:METHOD=AES-128,URI="${origin}/video/key/job_clear"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",DEFAULT=YES,AUTOSELECT=YES,URI="${origin}/v1/video/playback/manifest/old/audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.42c01e,mp4a.40.2",AUDIO="a"
${origin}/v1/video/playback/manifest/old/480p.m3u8
`;
}

/** A backend whose playlists are hostile; all else is the mock's. Resolves to its address. */
function backend(site: Site, mock: Mock, playlist: (token: string) => string): void {
  site.route("/v1/video/vid_clear/playback-token", async (request, response) => {
    const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (request.method === "OPTIONS") {
      response.writeHead(204, cors).end();
      return;
    }
    const minted = await fetch(`${mock.url}/v1/video/vid_clear/playback-token`, {
      method: "POST",
      headers: { "x-ansdev-key": mock.apiKey },
    });
    const text = await minted.text();
    const { data } = JSON.parse(text) as { data: { token: string } };
    site.route(`/v1/video/playback/manifest/${data.token}`, (_request, answer) => {
      answer.writeHead(200, { ...cors, "content-type": "application/vnd.apple.mpegurl" }).end(playlist(data.token));
    });
    response.writeHead(200, { ...cors, "content-type": "application/json" }).end(text);
  });
}

/** Plays the film with hls.js; `isLeaky`: with a token put into whatever address looks like one that needs it. */
async function play(page: Page, apiKey: string, isLeaky = false): Promise<string> {
  return page.evaluate(
    async ([key, leaky]) => {
      const { createClient } = await import("@ansdev/player");
      const { hlsConfig } = await import("@ansdev/player/hls");
      const { default: Hls } = await import("hls.js/dist/hls.light.mjs");
      const client = await createClient({ apiKey: key, baseUrl: location.origin });
      const session = await client.openSession("vid_clear");
      const token = await session.getToken();
      const naive = {
        resolve: (url: string) => Promise.resolve(url.replace("/video/key/", `/v1/video/playback/key/${token}/`)),
        invalidate: () => undefined,
      };
      const hls = new Hls(hlsConfig(leaky ? naive : session));
      const failed = new Promise((resolve) => {
        hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
          if (fatal) resolve(undefined);
        });
      });
      hls.loadSource(await session.manifestUrl());
      hls.attachMedia(document.body.appendChild(document.createElement("video")));
      await failed;
      hls.destroy();
      client.destroy();
      return token;
    },
    [apiKey, isLeaky] as const,
  );
}

for (const kind of ["media", "master"] as const) {
  test(`a ${kind} playlist that names a foreign origin everywhere: it gets neither token nor key`, async ({
    page,
    mock,
    site,
  }) => {
    const stranger = await Stranger.start();
    backend(site, mock, (token) => (kind === "media" ? hostile(stranger.url, site.url, token) : master(stranger.url)));
    await page.goto(site.page("blank.html"));
    const token = await play(page, mock.apiKey);
    expect(stranger.requests.length).toBeGreaterThan(0);
    for (const request of stranger.requests) {
      expect(request).not.toContain(token);
      expect(request).not.toContain(mock.apiKey);
    }
    stranger.stop();
  });
}

test("positive control: a resolver that looks at paths alone gives the foreign origin a token", async ({
  page,
  mock,
  site,
}) => {
  const stranger = await Stranger.start();
  backend(site, mock, (token) => hostile(stranger.url, site.url, token));
  await page.goto(site.page("blank.html"));
  const token = await play(page, mock.apiKey, true);
  expect(stranger.requests.some((request) => request.includes(token))).toBe(true);
  stranger.stop();
});

test("addresses that look like the backend's: resolve gives them back unchanged", async ({ page, mock, site }) => {
  const origin = new URL(mock.url);
  const urls = [
    `${origin.protocol}//user@${origin.host}.evil.example/video/key/job_clear`,
    `${mock.url}@evil.example/video/key/job_clear`,
    `${mock.url}.evil.example/video/key/job_clear`,
    `https://${origin.host}/video/key/job_clear`,
    `http://localhost:${origin.port}/video/key/job_clear`,
    `http://127.0.0.1:1/video/key/job_clear`,
    `//evil.example/video/key/job_clear`,
    `\\\\evil.example/video/key/job_clear`,
    `data:text/plain,/video/key/job_clear`,
    `javascript:"${mock.url}/video/key/job_clear"`,
    `blob:${mock.url}/video/key/job_clear`,
  ];
  await page.goto(site.page("blank.html"));
  const resolved = await page.evaluate(
    async ([access, list, own]) => {
      const { createClient } = await import("@ansdev/player");
      const session = await (await createClient(access)).openSession("vid_clear");
      const token = await session.getToken();
      return {
        unchanged: await Promise.all(list.map(async (url) => session.resolve(url))),
        // Positive control: the backend's own address does get it.
        changed: (await session.resolve(own)).includes(token),
      };
    },
    [mock.access, urls, `${mock.url}/video/key/job_clear`] as const,
  );
  expect(resolved).toEqual({ unchanged: urls, changed: true });
});
