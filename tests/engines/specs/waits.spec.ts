/** Every wait of the element ends: it plays, or says why not; and what it said is taken back when it is over. */
import { readFile } from "node:fs/promises";

import type { Site } from "../../browser/support/site.ts";
import { Network } from "../support/network.ts";
import { expect, test } from "../support/test.ts";

const FILM = "vid_rotating_keys";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("on a page that clears every timer, a film whose token hangs is an error all the same @not-in-webkitgtk", async ({
  page,
  mock,
}) => {
  await mock.fault({ route: "mint", kind: "latency", value: 120_000 });
  const error = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, rejection } = await import("film");
      const { element } = film(await createClient(access), id);
      const played = rejection(element.play());
      while (element.hls === null) await new Promise((resolve) => setTimeout(resolve, 50));
      for (let timer = Number(setTimeout(() => undefined)); timer > 0; timer--) clearTimeout(timer);
      return played;
    },
    [mock.access, FILM] as const,
  );
  expect(error).toMatchObject({ retryable: true, fatal: false });
});

test.describe("play()", () => {
  test("reaches the video in the caller's own task, and plays when a client comes", async ({ page, mock }) => {
    const seen = await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        const { element, until } = film(null, null);
        element.preload = "none";
        element.videoId = id;
        const playing = until("playing");
        const played = element.play();
        const inTask = !element.nativeEl.paused;
        element.client = await createClient(access);
        await Promise.all([played, playing]);
        return { inTask, paused: element.paused, error: element.error };
      },
      [mock.access, FILM] as const,
    );
    expect(seen).toEqual({ inTask: true, paused: false, error: null });
  });

  test("and pause() in one task stay paused, as with <video>, and mint nothing", async ({ page, mock }) => {
    const seen = await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        const { default: Hls } = await import("hls.js");
        const { element } = film(await createClient(access), id);
        const plain = document.body.appendChild(document.createElement("video"));
        new Hls().attachMedia(plain);
        const outcome = async (video: { play: () => Promise<void>; pause: () => void; paused: boolean }) => {
          const played = video.play().then(
            () => "played",
            (error: unknown) => (error as Error).name,
          );
          video.pause();
          return { played: await played, paused: video.paused };
        };
        const outcomes = { ours: await outcome(element), plain: await outcome(plain) };
        // Long enough for a token, were one asked for.
        while (element.hls === null) await new Promise((resolve) => setTimeout(resolve, 50));
        await element.session?.getToken();
        return { ...outcomes, paused: element.paused };
      },
      [mock.access, FILM] as const,
    );
    expect(seen.plain).toEqual({ played: "AbortError", paused: true });
    expect(seen).toMatchObject({ ours: seen.plain, paused: true });
    // The test's own token, and no playlist.
    expect((await mock.journal()).map(({ route }) => route)).not.toContain("manifest");
    expect(await mock.mints()).toHaveLength(1);
  });

  test("is taken back by pause() while hls.js is still loading", async ({ page, mock, site }) => {
    let release: (isThere: boolean) => void = () => undefined;
    const released = new Promise<boolean>((resolve) => (release = resolve));
    const asked = new Promise<void>((resolve) => {
      serveHls(site, () => {
        resolve();
        return released;
      });
    });
    await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        Object.assign(window, { shown: film(await createClient(access), id) });
        shown.element.play().catch(() => undefined);
      },
      [mock.access, FILM] as const,
    );
    await asked;
    await page.evaluate(() => {
      shown.element.pause();
    });
    release(true);
    await page.waitForFunction(() => shown.element.hls !== null);
    await page.evaluate(async () => shown.element.session?.getToken());
    expect(await page.evaluate(() => shown.element.paused)).toBe(true);
    expect((await mock.journal()).map(({ route }) => route)).not.toContain("manifest");
  });

  test("rejects when there turns out to be no client, and when the client is destroyed", async ({ page, mock }) => {
    const seen = await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film, rejection } = await import("film");
        const none = await rejection(film(null, id).element.play());
        const client = await createClient(access);
        const { element } = film(client, id);
        const played = rejection(element.play());
        client.destroy();
        return { none, destroyed: await played };
      },
      [mock.access, FILM] as const,
    );
    expect(seen).toMatchObject({ none: { code: "INVALID_OPTIONS" }, destroyed: { code: "DESTROYED" } });
  });

  test("rejects when the element is removed, which tells a pause; back, it plays on", async ({ page, mock }) => {
    const seen = await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        const { element, until } = film(await createClient(access), id);
        await element.play();
        const told: string[] = [];
        element.addEventListener("pause", () => told.push("pause"));
        const gone = until("pause");
        element.remove();
        await gone;
        const { paused } = element;
        const early = element.play().then(
          () => "played",
          (error: unknown) => (error as Error).name,
        );
        const playing = until("playing");
        document.body.append(element);
        await playing;
        return { told, paused, early: await early };
      },
      [mock.access, FILM] as const,
    );
    expect(seen).toEqual({ told: ["pause"], paused: true, early: "played" });
  });
});

test("hlsConfig and Hls that were set before the element is defined are kept", async ({ page, mock }) => {
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { default: Hls } = await import("hls.js");
      const early = document.createElement("ansdev-video");
      class Own extends Hls {}
      const client = await createClient(access);
      Object.assign(early, { hlsConfig: { maxBufferLength: 7 }, Hls: Own, client, videoId: id, muted: true });
      document.body.append(early);
      await import("@ansdev/player/element");
      await early.play();
      return { isOwn: early.hls instanceof Own, length: early.hls?.config.maxBufferLength };
    },
    [mock.access, FILM] as const,
  );
  expect(seen).toEqual({ isOwn: true, length: 7 });
});

test.describe("a backend that cannot be reached at the first load", () => {
  for (const isPaused of [false, true]) {
    const then = isPaused ? "paused meanwhile, it stays so" : "it plays once it can be reached";
    test(`is told within 10 s, and ${then}`, async ({ page, mock }) => {
      const network = await Network.start(mock.url);
      network.cut();
      const seen = await page.evaluate(
        async ([access, id]) => {
          const { createClient } = await import("@ansdev/player");
          const { film, plain, rejection } = await import("film");
          const said: unknown[] = [];
          console.error = (...words) => said.push(words.join(" "));
          Object.assign(window, { shown: film(await createClient(access), id) });
          const began = performance.now();
          const refused = await rejection(shown.element.play());
          const { events, element } = shown;
          const errors = events.filter(({ type }) => type === "error").length;
          return { refused, took: performance.now() - began, errors, error: plain(element.error), said };
        },
        [{ ...mock.access, baseUrl: network.url }, FILM] as const,
      );
      expect(seen).toMatchObject({ refused: { code: "NETWORK" }, errors: 1, error: { code: 2 } });
      expect(seen.took).toBeLessThan(10_000);
      expect(seen.said.filter((line) => String(line).includes("NETWORK"))).toHaveLength(1);
      if (isPaused) {
        await page.evaluate(() => {
          shown.element.pause();
        });
      }
      network.mend();
      if (isPaused) {
        await expect.poll(async () => page.evaluate(() => shown.element.error)).toBeNull();
        const hasToken = async () =>
          page.evaluate(async () =>
            shown.element.session?.getToken().then(
              () => true,
              () => false,
            ),
          );
        await expect.poll(hasToken).toBe(true);
        expect(await page.evaluate(() => shown.element.paused)).toBe(true);
        await page.evaluate(async () => shown.element.play());
      }
      await page.waitForFunction(() => shown.element.currentTime > 0.5);
      expect(await page.evaluate(() => shown.element.error)).toBeNull();
      network.stop();
    });
  }
});

test.describe("with tokens of 6 s", () => {
  test.use({ mockFlags: ["--ttl", "6"] });

  test("a playlist that is missing for longer than a token lives: an error, then it plays by itself", async ({
    page,
    mock,
  }) => {
    await mock.fault({ route: "manifest", kind: "status", value: 404 });
    const refused = await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film, rejection } = await import("film");
        Object.assign(window, { shown: film(await createClient(access), id) });
        return rejection(shown.element.play());
      },
      [mock.access, FILM] as const,
    );
    expect(refused).toMatchObject({ code: "NETWORK", status: 404 });
    const end = await page.evaluate(() => shown.element.session?.expiresAt ?? 0);
    await page.waitForFunction((expiresAt) => Date.now() > expiresAt + 1_000, end);
    await mock.clearFaults();
    await page.waitForFunction(() => shown.element.currentTime > 0.5);
    expect(await page.evaluate(() => ({ error: shown.element.error, paused: shown.element.paused }))).toEqual({
      error: null,
      paused: false,
    });
  });
});

test("401 to every key request: the typed refusal is the cause", async ({ page, mock }) => {
  await mock.fault({ route: "key", kind: "status", value: 401 });
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain } = await import("film");
      const { element, until } = film(await createClient(access), id);
      const erred = until("error");
      element.play().catch(() => undefined);
      await erred;
      return plain(element.error);
    },
    [mock.access, FILM] as const,
  );
  expect(seen?.cause?.code).toMatch(/^PLAYBACK_TOKEN_/);
});

test("hls.js that could not be loaded once is loaded again, by the session opened beside it @not-in-firefox-esr", async ({
  page,
  mock,
  site,
}) => {
  let asked = 0;
  serveHls(site, () => ++asked > 1);
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain, rejection } = await import("film");
      Object.assign(window, { shown: film(await createClient(access), id) });
      const refused = await rejection(shown.element.play());
      return { refused, error: plain(shown.element.error) };
    },
    [mock.access, FILM] as const,
  );
  expect(seen).toMatchObject({ refused: { code: "NETWORK", retryable: true }, error: { code: 2 } });
  await page.waitForFunction(() => shown.element.currentTime > 0.5);
  expect(await page.evaluate(() => shown.element.error)).toBeNull();
  expect(await mock.mints()).toHaveLength(1);
});

test("no decoder for any codec of the playlist: code 4, and the codecs are named", async ({ page, mock }) => {
  const seen = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { film, plain, rejection } = await import("film");
    const { default: Hls } = await import("hls.js");
    // As a browser answers that has none.
    MediaSource.isTypeSupported = () => false;
    const { element } = film(await createClient(access), null);
    element.Hls = Hls;
    element.videoId = "vid_two_renditions";
    const refused = await rejection(element.play());
    return { refused, error: plain(element.error) };
  }, mock.access);
  expect(seen).toMatchObject({ refused: { code: "UNSUPPORTED", fatal: true }, error: { code: 4 } });
  expect(seen.refused?.message).toMatch(/avc1\.[0-9a-f]{6}/i);
});

test("decoding errors far apart do not add up; close together they end in a typed error, which play() repairs", async ({
  page,
  mock,
}) => {
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const { default: Hls } = await import("hls.js");
      Object.assign(window, {
        shown: film(await createClient(access), id),
        spoil: () => {
          const { BUFFER_APPEND_ERROR } = Hls.ErrorDetails;
          const error = new Error("spoiled");
          const data = { type: Hls.ErrorTypes.MEDIA_ERROR, details: BUFFER_APPEND_ERROR, fatal: true, error } as const;
          shown.element.hls?.trigger(Hls.Events.ERROR, data);
        },
      });
      await shown.element.play();
    },
    [mock.access, "vid_ten_minutes"] as const,
  );
  const spoil = async () =>
    page.evaluate(() => {
      (window as unknown as { spoil: () => void }).spoil();
    });
  const error = async () =>
    page.evaluate(async () => {
      const { plain } = await import("film");
      return plain(shown.element.error);
    });
  await spoil();
  await spoil();
  expect(await error()).toBeNull();
  await page.waitForFunction(() => shown.element.currentTime > 13, undefined, { timeout: 60_000 });
  await spoil();
  await spoil();
  expect(await error()).toBeNull();
  await spoil();
  expect(await error()).toMatchObject({ code: 3, cause: { code: "BAD_RESPONSE" } });
  const at = await page.evaluate(() => shown.element.currentTime);
  await page.evaluate(async () => shown.element.play());
  await page.waitForFunction((before) => shown.element.currentTime > before + 1, at);
  expect(await error()).toBeNull();
});

test.describe("a session", () => {
  test("that plays already can be set again, and handed from one element to another", async ({ page, mock }) => {
    const seen = await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { film } = await import("film");
        const client = await createClient(access);
        const one = film(client, id);
        await one.element.play();
        const session = one.element.session;
        one.element.session = session;
        await one.element.play();
        const again = session?.state;
        const other = film(null, null);
        other.element.session = session;
        one.element.remove();
        await other.element.play();
        const handed = session?.state;
        other.element.remove();
        await new Promise((resolve) => setTimeout(resolve));
        return { again, handed, end: session?.state, errors: [...one.events, ...other.events] };
      },
      [mock.access, FILM] as const,
    );
    expect(seen).toMatchObject({ again: "live", handed: "live", end: "destroyed" });
    expect(seen.errors.filter(({ type }) => type === "error")).toEqual([]);
  });

  test.describe("of the page's", { tag: "@one-engine" }, () => {
    test.use({ mockFlags: ["--ttl", "6"] });

    test("is renewed while one of its elements plays, and no more when all are removed", async ({ page, mock }) => {
      await page.evaluate(
        async ([access, id]) => {
          const { createClient } = await import("@ansdev/player");
          const { film } = await import("film");
          const session = await (await createClient(access)).openSession(id);
          const [one, other] = [film(null, null), film(null, null)];
          for (const { element } of [one, other]) element.session = session;
          await Promise.all([one.element.play(), other.element.play()]);
          Object.assign(window, { shown: one, other });
          other.element.pause();
        },
        [mock.access, "vid_ten_minutes"] as const,
      );
      const minted = async () => (await mock.mints()).length;
      const before = await minted();
      await expect.poll(minted).toBeGreaterThan(before + 1);
      await page.evaluate(() => {
        for (const element of document.querySelectorAll("ansdev-video")) element.remove();
      });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const after = await minted();
      await new Promise((resolve) => setTimeout(resolve, 8_000));
      expect(await minted()).toBe(after);
    });
  });
});

/** Serves hls.js as the page's own server does, once `before` has let it; where that says no, 503. */
function serveHls(site: Site, before: () => Promise<boolean> | boolean): void {
  site.route("/node_modules/hls.js/dist/hls.light.mjs", async (_request, response) => {
    if (!(await before())) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/javascript" });
    response.end(await readFile(new URL("../../../node_modules/hls.js/dist/hls.light.mjs", import.meta.url)));
  });
}
