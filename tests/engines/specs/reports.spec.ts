/** What was reported of this player and of others, each as it happened. */
import { expect, test } from "../support/test.ts";

const FILM = "vid_rotating_keys";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("two copies of the package on one page: the element understands the other copy's errors", async ({
  page,
  mock,
  site,
}) => {
  site.folder("/other/", "js/dist");
  await mock.revoke(mock.apiKey);
  const seen = await page.evaluate(
    async ([access, id]) => {
      const other = "/other/index.js";
      const { createClient, AnsdevError } = (await import(other)) as typeof import("@ansdev/player");
      const own = await import("@ansdev/player");
      const { film, plain, rejection } = await import("film");
      const { element, events } = film(await createClient(access), id);
      const refused = await rejection(element.play());
      const told = events.filter(({ type }) => type === "error").length;
      return { isOther: AnsdevError !== own.AnsdevError, refused, told, error: plain(element.error) };
    },
    [mock.access, FILM] as const,
  );
  expect(seen).toMatchObject({ isOther: true, refused: { code: "INVALID_API_KEY" }, told: 1 });
  expect(seen.error?.cause?.code).toBe("INVALID_API_KEY");
});

test("the script-tag build as a module, from a server that knows no .mjs", async ({ page, mock, site }) => {
  site.types = { ".mjs": "application/octet-stream" };
  const played = await page.evaluate(
    async ([access, id]) => {
      const script = document.createElement("script");
      Object.assign(script, { type: "module", src: "/sdk/ansdev-player.global.js" });
      const loaded = new Promise((resolve, reject) => Object.assign(script, { onload: resolve, onerror: reject }));
      document.head.append(script);
      await loaded;
      const { Ansdev } = window as unknown as { Ansdev: typeof import("@ansdev/player") };
      const element = document.createElement("ansdev-video");
      Object.assign(element, { client: await Ansdev.createClient(access), muted: true });
      element.setAttribute("video-id", id);
      document.body.append(element);
      await element.play();
      return !element.paused;
    },
    [mock.access, FILM] as const,
  );
  expect(played).toBe(true);
});

test("an offline event while the network works stops nothing", async ({ page, mock }) => {
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const client = await createClient(access);
      dispatchEvent(new Event("offline"));
      Object.assign(window, { shown: film(client, id) });
      await shown.element.play();
    },
    [mock.access, FILM] as const,
  );
  await page.waitForFunction(() => shown.element.currentTime > 1);
});

test("an hls.js that fetches (progressive) plays; a loader that puts no tokens in is refused", async ({
  page,
  mock,
}) => {
  const seen = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { hlsConfig } = await import("@ansdev/player/hls");
      const { default: Hls } = await import("hls.js");
      const { plain } = await import("film");
      const session = await (await createClient(access)).openSession(id);
      let refused: unknown;
      try {
        hlsConfig(session, { loader: Map as never });
      } catch (error) {
        refused = plain(error);
      }
      const video = document.body.appendChild(document.createElement("video"));
      video.muted = true;
      const hls = new Hls(hlsConfig(session, { progressive: true }));
      hls.loadSource(await session.manifestUrl());
      hls.attachMedia(video);
      await video.play();
      return { refused, paused: video.paused };
    },
    [mock.access, FILM] as const,
  );
  expect(seen).toMatchObject({ refused: { code: "INVALID_OPTIONS" }, paused: false });
  expect(await mock.refusals()).toEqual([]);
});

test("removed twice before its metadata is there, it goes on from where it was", async ({ page, mock }) => {
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      Object.assign(window, { shown: film(await createClient(access), id) });
      await shown.element.play();
    },
    [mock.access, FILM] as const,
  );
  await page.waitForFunction(() => shown.element.currentTime > 2);
  const at = await page.evaluate(async () => {
    const { element } = shown;
    const { currentTime } = element;
    const task = async () => new Promise((resolve) => setTimeout(resolve));
    for (let times = 0; times < 2; times++) {
      element.remove();
      await task();
      document.body.append(element);
      await task();
    }
    await element.play();
    return { before: currentTime, after: element.currentTime };
  });
  expect(at.after).toBeGreaterThanOrEqual(at.before - 0.5);
});

test("a client that could not be created long ago is no reason of another element's", async ({ page }) => {
  const code = await page.evaluate(async (id) => {
    const { createClient } = await import("@ansdev/player");
    const { film, rejection } = await import("film");
    await rejection(createClient({ apiKey: "nonsense" }));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return (await rejection(film(null, id).element.play()))?.code;
  }, FILM);
  expect(code).toBe("INVALID_OPTIONS");
});

test("a getToken that hangs is not explained by what it threw before", { tag: "@one-engine" }, async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    let calls = 0;
    const getToken = () => {
      if (++calls === 1) throw Object.assign(new Error("an older one"), { status: 403 });
      return new Promise<never>(() => undefined);
    };
    const session = await (await createClient({ getToken })).openSession("vid_1");
    return [await rejection(session.getToken()), await rejection(session.getToken())];
  });
  expect(seen).toMatchObject([{ cause: { message: "an older one" } }, { cause: null }]);
});

test("the part that runs in the page cannot be loaded: a typed error", async ({ page, mock, site }) => {
  site.route("/sdk/dispatcher.js", (_request, response) => {
    response.writeHead(503).end();
  });
  const error = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    return rejection(createClient({ ...access, isolation: "page" }));
  }, mock.access);
  expect(error).toMatchObject({ name: "AnsdevError", code: "NETWORK" });
});

test("a browser without WebAssembly is not blamed on a policy", async ({ page, mock }) => {
  const error = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    Reflect.deleteProperty(window, "WebAssembly");
    return rejection(createClient({ ...access, isolation: "page" }));
  }, mock.access);
  expect(error).toMatchObject({ code: "UNSUPPORTED" });
  expect(error?.message).toMatch(/no WebAssembly/);
  expect(error?.message).not.toMatch(/Policy/);
});

test(
  "a Shaka player that is destroyed without detaching watches no more",
  { tag: "@not-in-webkitgtk" },
  async ({ page, mock }) => {
    await page.addScriptTag({ url: "/node_modules/shaka-player/dist/shaka-player.compiled.js" });
    const told = await page.evaluate(
      async ([access, id]) => {
        const { createClient } = await import("@ansdev/player");
        const { play } = await import("players");
        const session = await (await createClient(access)).openSession(id);
        const list: boolean[] = [];
        const setActive = session.setActive.bind(session);
        session.setActive = (isActive) => {
          list.push(isActive);
          setActive(isActive);
        };
        const { video, player } = await play("shaka", session, await session.manifestUrl());
        await new Promise((resolve) => {
          video.addEventListener("playing", resolve, { once: true });
          void video.play();
        });
        await player.destroy?.();
        return list;
      },
      [mock.access, FILM] as const,
    );
    expect(told).toContain(true);
    expect(told.at(-1)).toBe(false);
  },
);
