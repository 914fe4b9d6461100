import type { ServerResponse } from "node:http";

import { PLAYLIST } from "../support/playlist.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("your own hls.js plays a session", async ({ page, mock }) => {
  const at = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { hlsConfig } = await import("@ansdev/player/hls");
    const { default: Hls } = await import("hls.js");
    const session = await (await createClient(access)).openSession("vid_two_renditions");
    const video = document.body.appendChild(document.createElement("video"));
    video.muted = true;
    const hls = new Hls(hlsConfig(session, { maxBufferLength: 10 }));
    hls.loadSource(await session.manifestUrl());
    hls.attachMedia(video);
    await video.play();
    await new Promise<void>((resolve) => {
      video.addEventListener("timeupdate", () => {
        if (video.currentTime > 2) resolve();
      });
    });
    return video.currentTime;
  }, mock.access);
  expect(at).toBeGreaterThan(2);
});

test.describe("one request that is refused", () => {
  /** Loads a playlist whose key is answered as told, and counts what is asked of the session and the server. */
  const CASES = [
    { what: "401 once: one new token, one repeat", statuses: [401], invalidated: 1, keys: 2, error: null },
    {
      what: "401 twice: given up after one repeat",
      statuses: [401, 401, 401],
      invalidated: 2,
      keys: 2,
      error: "keyLoadError",
    },
    {
      what: "403 twice: given up after one repeat",
      statuses: [403, 403, 403],
      invalidated: 2,
      keys: 2,
      error: "keyLoadError",
    },
    { what: "404: given up at once", statuses: [404, 404], invalidated: 0, keys: 1, error: "keyLoadError" },
    { what: "503 twice: repeated until it is there", statuses: [503, 503], invalidated: 0, keys: 3, error: null },
    { what: "503, then 401: both", statuses: [503, 401], invalidated: 1, keys: 3, error: null },
  ];
  for (const { what, statuses, invalidated, keys, error } of CASES) {
    test(what, async ({ page, site }) => {
      const left = [...statuses];
      const asked: string[] = [];
      site.route("/playlist.m3u8", (_request, response) => {
        response.end(PLAYLIST.join("\n"));
      });
      site.route("/segment", (_request, response) => {
        response.end(Buffer.alloc(188));
      });
      site.route("/key", (request, response: ServerResponse) => {
        asked.push(request.url ?? "");
        response.writeHead(left.shift() ?? 200).end(Buffer.alloc(16));
      });
      const seen = await page.evaluate(async () => {
        const { hlsConfig } = await import("@ansdev/player/hls");
        const { default: Hls } = await import("hls.js");
        const refused: (string | undefined)[] = [];
        let token = 1;
        const hls = new Hls(
          hlsConfig({
            resolve: (url) => Promise.resolve(url.endsWith("/key") ? `${url}?token=${token}` : url),
            invalidate: (rejected) => {
              refused.push(rejected);
              token++;
            },
          }),
        );
        hls.loadSource("/playlist.m3u8");
        hls.attachMedia(document.createElement("video"));
        const end = await new Promise<string | null>((resolve) => {
          hls.on(Hls.Events.KEY_LOADED, () => {
            resolve(null);
          });
          hls.on(Hls.Events.ERROR, (_name, { fatal, details }) => {
            if (fatal) resolve(details);
          });
        });
        // Whatever hls.js might still repeat by itself would come within its longest first pause.
        await new Promise((resolve) => {
          setTimeout(resolve, 1_500);
        });
        return { end, refused };
      });
      expect(seen.end).toBe(error);
      expect(asked).toHaveLength(keys);
      expect(seen.refused).toHaveLength(invalidated);
      // Each refusal is told, also the one after which nothing is repeated.
      if (invalidated > 0) {
        expect(seen.refused[0]).toBe(`${site.url}/key?token=1`);
        expect(asked.at(-1)).toBe("/key?token=2");
      }
    });
  }

  for (const { what, answers, end } of [
    { what: "no answer after errors: repeated as well", answers: [503, 503, 503, null, null, 200], end: "loaded" },
    { what: "an answer that takes its time after errors counts", answers: [503, 503, 503, 206], end: "loaded" },
    { what: "no answer three times: given up", answers: [503, null, null, null, 200], end: "keyLoadTimeOut" },
  ]) {
    test(what, async ({ page, site }) => {
      const left = [...answers];
      site.route("/playlist.m3u8", (_request, response) => {
        response.end(PLAYLIST.join("\n"));
      });
      site.route("/segment", (_request, response) => {
        response.end(Buffer.alloc(188));
      });
      site.route("/key", (_request, response) => {
        const status = left.shift();
        if (typeof status !== "number") return;
        response.writeHead(status).flushHeaders();
        setTimeout(() => response.end(Buffer.alloc(16)), status === 206 ? 200 : 0);
      });
      const seen = await page.evaluate(async () => {
        const { hlsConfig } = await import("@ansdev/player/hls");
        const { default: Hls } = await import("hls.js");
        const source = { resolve: (url: string) => Promise.resolve(url), invalidate: () => undefined };
        // Short, and everything else as it is.
        const keyLoadPolicy = { default: { maxLoadTimeMs: 1_000 } } as never;
        const hls = new Hls(hlsConfig(source, { keyLoadPolicy }));
        hls.loadSource("/playlist.m3u8");
        hls.attachMedia(document.createElement("video"));
        return new Promise<string>((resolve) => {
          hls.on(Hls.Events.KEY_LOADED, () => {
            resolve("loaded");
          });
          hls.on(Hls.Events.ERROR, (_name, { fatal, details }) => {
            if (fatal) resolve(details);
          });
        });
      });
      expect(seen).toBe(end);
      expect(left).toHaveLength(end === "loaded" ? 0 : 1);
    });
  }

  test("200 with something else than a key: repeated until it is one", async ({ page, site }) => {
    const answers = ["<!doctype html><title>Log in</title>", "", "fifteen bytes !"];
    site.route("/playlist.m3u8", (_request, response) => {
      response.end(PLAYLIST.join("\n"));
    });
    site.route("/segment", (_request, response) => {
      response.end(Buffer.alloc(188));
    });
    site.route("/key", (_request, response) => {
      response.end(answers.shift() ?? Buffer.alloc(16));
    });
    const lengths = await page.evaluate(async () => {
      const { hlsConfig } = await import("@ansdev/player/hls");
      const { default: Hls } = await import("hls.js");
      const hls = new Hls(hlsConfig({ resolve: (url) => Promise.resolve(url), invalidate: () => undefined }));
      hls.loadSource("/playlist.m3u8");
      hls.attachMedia(document.createElement("video"));
      return new Promise<(number | undefined)[]>((resolve) => {
        hls.on(Hls.Events.KEY_LOADED, (_name, { frag }) => {
          resolve([frag.decryptdata?.key?.length]);
        });
        hls.on(Hls.Events.ERROR, (_name, { fatal }) => {
          if (fatal) resolve([]);
        });
      });
    });
    expect(lengths).toEqual([16]);
    expect(answers).toEqual([]);
  });

  test("a permanent error of the session stops at once; a transient one is waited out", async ({ page, site }) => {
    site.route("/playlist.m3u8", (_request, response) => {
      response.end(PLAYLIST.join("\n"));
    });
    const seen = await page.evaluate(async () => {
      const { hlsConfig } = await import("@ansdev/player/hls");
      const { default: Hls } = await import("hls.js");
      const load = async (errors: object[]) => {
        let calls = 0;
        const resolve = (url: string) => {
          calls++;
          const error = errors.shift();
          return error ? Promise.reject(Object.assign(new Error("no token"), error)) : Promise.resolve(url);
        };
        const hls = new Hls(hlsConfig({ resolve, invalidate: () => undefined }));
        hls.loadSource("/playlist.m3u8");
        const end = await new Promise<string>((settle) => {
          hls.on(Hls.Events.MANIFEST_LOADED, () => {
            settle("loaded");
          });
          hls.on(Hls.Events.ERROR, (_name, { fatal, details }) => {
            if (fatal) settle(details);
          });
        });
        hls.destroy();
        return { end, calls };
      };
      const permanent = { retryable: false, code: "INVALID_API_KEY" };
      const transient = { retryable: true, code: "NETWORK" };
      return {
        permanent: await load([permanent, permanent]),
        transient: await load([transient, transient]),
      };
    });
    // hls.js calls a rejected xhrSetup once more by itself, which must not cost another token.
    expect(seen.permanent).toEqual({ end: "manifestLoadError", calls: 1 });
    expect(seen.transient).toEqual({ end: "loaded", calls: 3 });
  });

  test("an xhrSetup of your own comes after, with the request opened", async ({ page, site }) => {
    const headers: (string | undefined)[] = [];
    site.route("/playlist.m3u8", (request, response) => {
      headers.push(request.headers["x-mine"] as string | undefined);
      response.end(PLAYLIST.join("\n"));
    });
    await page.evaluate(async () => {
      const { hlsConfig } = await import("@ansdev/player/hls");
      const { default: Hls } = await import("hls.js");
      const source = { resolve: (url: string) => Promise.resolve(url), invalidate: () => undefined };
      const hls = new Hls(
        hlsConfig(source, {
          xhrSetup: (xhr) => {
            xhr.setRequestHeader("x-mine", "1");
          },
        }),
      );
      hls.loadSource("/playlist.m3u8");
      await new Promise((resolve) => {
        hls.once(Hls.Events.MANIFEST_LOADED, resolve);
      });
    });
    expect(headers).toEqual(["1"]);
  });
});
