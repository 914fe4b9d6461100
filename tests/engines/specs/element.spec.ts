import { readFile } from "node:fs/promises";

import { playFilm } from "../../browser/support/play-film.ts";
import { expect, test } from "../support/test.ts";

const FILM = "vid_rotating_keys";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("without a client it errs soon after the page is read, and recovers when one comes", async ({ page, mock }) => {
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain } = await import("film");
      const complaints: unknown[] = [];
      console.error = (...said) => complaints.push(...said);
      const { element, until } = film(null, id);
      const erred = until("error");
      const atOnce = plain(element.error);
      await erred;
      const later = plain(element.error);
      element.client = await createClient(access);
      await Promise.resolve();
      await element.play();
      return { atOnce, later, error: plain(element.error), paused: element.paused, complaints };
    },
    [mock.access, FILM] as const,
  );
  expect(seen.atOnce).toBeNull();
  expect(seen.later).toMatchObject({ code: 4, cause: { code: "INVALID_OPTIONS" } });
  expect(seen.later?.message).toMatch(/set its `client` property/);
  expect(seen).toMatchObject({ error: null, paused: false });
  expect(seen.complaints.join()).toContain("no client");
});

test("it waits for a client that the page is creating, however long that takes", async ({ page, mock, site }) => {
  site.route("/slow.wasm", async (_request, response) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    response.writeHead(200, { "content-type": "application/wasm" });
    response.end(await readFile(new URL("../../../js/dist/ansdev-player.wasm", import.meta.url)));
  });
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player/slim");
      const { film, plain } = await import("film");
      const { element, events, until } = film(null, id);
      const began = performance.now();
      element.client = await createClient({
        ...access,
        workerUrl: "/sdk/worker.js",
        wasmUrl: "/slow.wasm",
      });
      const took = performance.now() - began;
      const playing = until("playing");
      await element.play();
      await playing;
      return { took, error: plain(element.error), errors: events.filter(({ type }) => type === "error") };
    },
    [mock.access, FILM] as const,
  );
  expect(seen.took).toBeGreaterThan(1_000);
  expect(seen).toMatchObject({ error: null, errors: [] });
});

test("it does not complain while a framework brings the page to life, before a client is begun", async ({
  page,
  mock,
}) => {
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain } = await import("film");
      const { element, events } = film(null, id);
      await new Promise((alive) => setTimeout(alive, 500));
      element.client = await createClient(access);
      await element.play();
      return { error: plain(element.error), errors: events.filter(({ type }) => type === "error") };
    },
    [mock.access, FILM] as const,
  );
  expect(seen).toEqual({ error: null, errors: [] });
});

test("where its client could not be created, it says why", async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { createClient } = await import("@ansdev/player");
    const { film, plain, rejection } = await import("film");
    const { element, until } = film(null, "vid_any");
    const erred = until("error");
    const refused = await rejection(createClient({ apiKey: "ak_test_123" }));
    await erred;
    return { refused, error: plain(element.error) };
  });
  expect(seen.refused).toMatchObject({ code: "INVALID_KEY_FORMAT" });
  expect(seen.error).toMatchObject({ cause: seen.refused });
  expect(seen.error?.message).toContain("The API key has 11 characters");
});

test("a key as an attribute is refused, and not repeated", async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { film, plain } = await import("film");
    const { element, until } = film(null, null);
    const erred = until("error");
    element.setAttribute("api-key", "ak_test_7c1b1865ed225cf47377e7d21fdec972");
    await erred;
    return plain(element.error);
  });
  expect(seen).toMatchObject({ cause: { code: "INVALID_OPTIONS" } });
  expect(seen?.message).toMatch(/createClient.*`client` property/);
  expect(JSON.stringify(seen)).not.toContain("7c1b1865");
});

test("an invalid attribute stops the element until it is corrected", async ({ page, mock }) => {
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain, rejection } = await import("film");
      const { element, until } = film(await createClient(access), null);
      const erred = until("error");
      element.setAttribute("refresh", "sometimes");
      element.videoId = id;
      await erred;
      const refused = await rejection(element.play());
      const { session } = element;
      element.refresh = "eager";
      await Promise.resolve();
      const corrected = plain(element.error);
      await element.play();
      return { refused, session, corrected, playing: element.session?.videoId };
    },
    [mock.access, FILM] as const,
  );
  expect(seen.refused).toMatchObject({ code: "INVALID_OPTIONS" });
  expect(seen.refused?.message).toMatch(/"sometimes" is unknown; expected "eager" or "on-demand"/);
  expect(seen).toMatchObject({ session: null, corrected: null, playing: FILM });
});

test('preload="none" spends nothing before play()', async ({ page, mock }) => {
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const client = await createClient(access);
      Object.assign(window, { shown: film(client, null) });
      shown.element.setAttribute("preload", "none");
      shown.element.videoId = id;
    },
    [mock.access, FILM] as const,
  );
  await page.waitForFunction(() => shown.element.hls !== null);
  expect(await mock.journal()).toEqual([]);
  // By the browser's own button, which does not go through play() of the element.
  await page.evaluate(() => void shown.element.nativeEl.play());
  await page.waitForFunction(() => shown.element.currentTime > 0.5);
});

test.describe("with tokens of 6 s", () => {
  test.use({ mockFlags: ["--ttl", "6"] });

  test('refresh="on-demand" plays a film that has its key on one token', async ({ page, mock }) => {
    await page.evaluate(async (access) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      Object.assign(window, { shown: film(await createClient(access), null, {}) });
      shown.element.refresh = "on-demand";
      shown.element.videoId = "vid_two_renditions";
      await shown.element.play();
    }, mock.access);
    await page.waitForFunction(() => shown.element.currentTime > 8);
    expect(await mock.mints()).toHaveLength(1);
    // Back to what the client does, with a film whose keys rotate: it is renewed while it plays.
    await page.evaluate(async () => {
      shown.element.refresh = null;
      shown.element.videoId = "vid_ten_minutes";
      await shown.element.play();
    });
    await expect.poll(async () => (await mock.mints()).length).toBeGreaterThan(3);
    expect(await page.evaluate(() => shown.events.filter(({ type }) => type === "error"))).toEqual([]);
  });

  test("nobody watching, nothing minted; playing on mints again", async ({ page, mock }) => {
    const minted = async () =>
      (await mock.journal()).filter(({ route, method }) => route === "mint" && method === "POST").length;
    await playFilm(page, mock.access, FILM);
    await page.waitForFunction(() => shown.element.currentTime > 1);
    await page.evaluate(() => {
      shown.element.pause();
    });
    const before = await minted();
    // The token's whole life goes by: a renewal would have come.
    const end = await page.evaluate(() => shown.element.session?.expiresAt ?? 0);
    await page.waitForFunction((expiresAt) => Date.now() > expiresAt + 1_000, end);
    expect(await minted()).toBe(before);
    await page.evaluate(async () => shown.element.play());
    await page.waitForFunction(() => shown.element.currentTime > 8);
    expect(await minted()).toBeGreaterThan(before);
    expect(await page.evaluate(() => shown.events.filter(({ type }) => type === "error"))).toEqual([]);
  });
});

test("another video-id in the middle plays the other video, in a session of its own", async ({ page, mock }) => {
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const { element, until, events } = film(await createClient(access), id);
      await element.play();
      const first = element.session;
      element.videoId = "vid_clear";
      await until("emptied");
      const paused = element.paused;
      await element.play();
      return { paused, first: first?.state, second: element.session?.videoId, at: element.currentTime, events };
    },
    [mock.access, FILM] as const,
  );
  expect(seen).toMatchObject({ paused: true, first: "destroyed", second: "vid_clear" });
  expect(seen.at).toBeLessThan(3);
  expect(seen.events.filter(({ type }) => type === "error")).toEqual([]);
});

test("moved, it plays on; removed, it lets go; back, it goes on from where it was", async ({ page, mock }) => {
  await playFilm(page, mock.access, FILM);
  await page.waitForFunction(() => shown.element.currentTime > 2);
  const moved = await page.evaluate(() => {
    const session = shown.element.session;
    const parent = document.body.appendChild(document.createElement("section"));
    parent.append(shown.element);
    return Promise.resolve().then(() => session === shown.element.session);
  });
  expect(moved, "a move keeps the session").toBe(true);
  const removed = await page.evaluate(async () => {
    const { session } = shown.element;
    shown.element.remove();
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    return { state: session?.state, hls: shown.element.hls };
  });
  expect(removed).toEqual({ state: "destroyed", hls: null });
  await page.evaluate(async () => {
    document.body.append(shown.element);
    await shown.element.play();
  });
  await page.waitForFunction(() => shown.element.currentTime > 3);
  expect(await page.evaluate(() => shown.element.currentTime), "not from the start").toBeGreaterThan(2);
  expect(await page.evaluate(() => shown.events.filter(({ type }) => type === "error"))).toEqual([]);
});

for (const order of ["element first", "client first"]) {
  test(`taken out together, ${order}, element and client leave without an error`, async ({ page, mock }) => {
    const errors = await page.evaluate(
      async ([access, id, first]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        const client = await createClient(access);
        const { element, events } = film(client, id);
        await element.play();
        if (first === "element first") element.remove();
        client.destroy();
        element.remove();
        await new Promise((resolve) => {
          setTimeout(resolve);
        });
        return events.filter(({ type }) => type === "error");
      },
      [mock.access, FILM, order] as const,
    );
    expect(errors).toEqual([]);
  });
}

test("a session of the page's own plays, and stays the page's", async ({ page, mock }) => {
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const client = await createClient(access);
      const session = await client.openSession(id);
      const { element } = film(null, null);
      element.session = session;
      await element.play();
      element.session = null;
      await Promise.resolve();
      return { state: session.state, mine: element.session };
    },
    [mock.access, FILM] as const,
  );
  expect(seen).toEqual({ state: "live", mine: null });
});

test("play() after an error tries again", async ({ page, mock }) => {
  const first = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { film, plain, rejection } = await import("film");
    Object.assign(window, { shown: film(await createClient(access), "vid_in_the_making") });
    const refused = await rejection(shown.element.play());
    return { refused, error: plain(shown.element.error) };
  }, mock.access);
  expect(first).toMatchObject({ refused: { code: "VIDEO_NOT_READY" }, error: { cause: { code: "VIDEO_NOT_READY" } } });
  await mock.advance(86_400);
  await page.evaluate(async () => shown.element.play());
  await page.waitForFunction(() => shown.element.currentTime > 0.5);
  expect(await page.evaluate(() => shown.element.error)).toBeNull();
});

/** Given back the media that hls.js took away, WebKitGTK's GStreamer on a busy machine mostly does not begin again. */
const RETURNS = { tag: "@not-in-webkitgtk" };

test(
  "after media that could not be decoded it plays on by itself, unless it was paused",
  RETURNS,
  async ({ page, mock }) => {
    await playFilm(page, mock.access, FILM);
    await page.waitForFunction(() => shown.element.currentTime > 1);
    /** As hls.js does when a browser cannot decode what it was given. */
    const spoil = async () =>
      page.evaluate(async () => {
        const { default: Hls } = await import("hls.js");
        const { BUFFER_APPEND_ERROR } = Hls.ErrorDetails;
        const error = new Error("spoiled");
        const data = { type: Hls.ErrorTypes.MEDIA_ERROR, details: BUFFER_APPEND_ERROR, fatal: true, error } as const;
        const emptied = shown.until("emptied");
        shown.element.hls?.trigger(Hls.Events.ERROR, data);
        await emptied;
      });
    await spoil();
    await page.waitForFunction(() => shown.element.currentTime > 4);
    await page.evaluate(() => {
      shown.element.pause();
    });
    await spoil();
    await page.waitForFunction(() => shown.element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA);
    const seen = await page.evaluate(() => {
      const { paused, currentTime } = shown.element;
      return { paused, currentTime, errors: shown.events.filter(({ type }) => type === "error") };
    });
    expect(seen).toMatchObject({ paused: true, errors: [] });
    expect(seen.currentTime, "from where it was").toBeGreaterThan(3.5);
  },
);

test("several on a page share a video's token", async ({ page, mock }) => {
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const client = await createClient(access);
      await Promise.all([film(client, id), film(client, id)].map(async ({ element }) => element.play()));
    },
    [mock.access, FILM] as const,
  );
  const journal = await mock.journal();
  expect(journal.filter(({ route, method }) => route === "mint" && method === "POST")).toHaveLength(1);
});

test("an hls.js that is too old, and one that cannot be loaded, are named", async ({ page, mock, site }) => {
  site.route("/node_modules/hls.js/dist/hls.light.mjs", (_request, response) => {
    response.writeHead(404).end();
  });
  const errors = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain } = await import("film");
      const client = await createClient(access);
      const old = film(null, id);
      old.element.Hls = { version: "1.4.12" } as never;
      old.element.client = client;
      const missing = film(client, id);
      await Promise.all([old, missing].map(async ({ until }) => until("error")));
      return [plain(old.element.error), plain(missing.element.error)];
    },
    [mock.access, FILM] as const,
  );
  expect(errors[0]).toMatchObject({ cause: { code: "UNSUPPORTED" } });
  expect(errors[0]?.message).toMatch(/1\.4\.12.*expected 1\.6/);
  expect(errors[1]?.message).toMatch(/hls\.js could not be loaded/);
});

test("it is a media element: attributes, properties and events are a video's", async ({ page, mock }) => {
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const { element, until } = film(await createClient(access), id);
      const metadata = until("loadedmetadata");
      element.setAttribute("playsinline", "");
      element.preload = "metadata";
      element.loop = true;
      element.volume = 0.5;
      await metadata;
      return {
        loop: element.nativeEl.loop,
        playsInline: element.nativeEl.hasAttribute("playsinline"),
        volume: element.nativeEl.volume,
        duration: Math.round(element.duration),
        isElement: element instanceof HTMLElement,
        readyState: element.readyState > 0,
      };
    },
    [mock.access, FILM] as const,
  );
  expect(seen).toEqual({ loop: true, playsInline: true, volume: 0.5, duration: 24, isElement: true, readyState: true });
});

test.describe("where there is no Media Source Extensions API", () => {
  test.beforeEach(async ({ page }) => {
    await page.evaluate(() => {
      for (const name of ["MediaSource", "ManagedMediaSource", "WebKitMediaSource"])
        Reflect.deleteProperty(window, name);
    });
  });

  test("the browser's own HLS plays what is not encrypted; without any, UNSUPPORTED says so", async ({
    page,
    mock,
  }) => {
    const seen = await page.evaluate(async (access) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain, rejection } = await import("film");
      const { element, until } = film(await createClient(access), "vid_clear");
      const moves = until("playing", "timeupdate", "error");
      const rejected = await rejection(element.play());
      await moves;
      const { nativeEl, hls, error } = element;
      const hasHls = nativeEl.canPlayType("application/vnd.apple.mpegurl") !== "";
      return { hasHls, hls, rejected, error: plain(error), source: nativeEl.currentSrc };
    }, mock.access);
    if (seen.hasHls) {
      expect(seen).toMatchObject({ hls: null, rejected: null, error: null });
      expect(seen.source).toContain("/v1/video/playback/manifest/");
    } else {
      expect(seen).toMatchObject({ rejected: { code: "UNSUPPORTED" }, error: { code: 4, cause: { fatal: true } } });
      expect(seen.error?.message).toContain("neither Media Source Extensions nor HLS");
    }
  });

  test("what is encrypted is UNSUPPORTED, with a sentence that says what to use", async ({ page, mock }) => {
    const seen = await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film, plain } = await import("film");
        const { element, until } = film(await createClient(access), id);
        const erred = until("error");
        void element.play().catch(() => undefined);
        await erred;
        const hasHls = element.nativeEl.canPlayType("application/vnd.apple.mpegurl") !== "";
        return { hasHls, error: plain(element.error) };
      },
      [mock.access, FILM] as const,
    );
    expect(seen.error).toMatchObject({ code: 4, cause: { code: "UNSUPPORTED", fatal: true } });
    expect(seen.error?.message).toMatch(
      seen.hasHls
        ? /AES keys.*Use a browser with MediaSource or ManagedMediaSource/
        : /neither Media Source Extensions/,
    );
  });
});
