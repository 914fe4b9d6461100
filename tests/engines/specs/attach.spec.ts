/** What `attachSession` does to an hls.js, a Shaka player or a video.js that the page made. */
import { PLAYLIST } from "../support/playlist.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("hls.js has one session: another one's is INVALID_OPTIONS until the first is detached", async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { attachSession, hlsConfig } = await import("@ansdev/player/hls");
    const { plain } = await import("film");
    const { default: Hls } = await import("hls.js");
    const source = () => ({ resolve: (url: string) => Promise.resolve(url), invalidate: () => undefined });
    const [one, other] = [source(), source()];
    const code = (act: () => unknown) => {
      try {
        act();
        return null;
      } catch (error) {
        return plain(error)?.code;
      }
    };
    const configured = new Hls(hlsConfig(one));
    const before = { ...configured.config };
    const attached = new Hls();
    const detach = attachSession(attached, one);
    return {
      configured: [code(() => attachSession(configured, other)), code(() => attachSession(configured, one))],
      isLeft: Object.entries(configured.config).every(([name, value]) => before[name as keyof typeof before] === value),
      attached: code(() => attachSession(attached, other)),
      twice: attachSession(attached, one) === detach,
      detached: (detach(), code(() => attachSession(attached, other))),
      noPlayer: code(() => attachSession({} as never, one)),
    };
  });
  expect(seen).toEqual({
    configured: ["INVALID_OPTIONS", null],
    isLeft: true,
    attached: "INVALID_OPTIONS",
    twice: true,
    detached: null,
    noPlayer: "INVALID_OPTIONS",
  });
});

for (const [name, script] of [
  ["shaka", "/node_modules/shaka-player/dist/shaka-player.compiled.js"],
  ["videojs", "/node_modules/video.js/dist/video.js"],
] as const) {
  test(`${name} has one session, as hls.js has; attaching it twice is attaching it once`, async ({ page, site }) => {
    const asked: (string | undefined)[] = [];
    site.route("/playlist.m3u8", (request, response) => {
      asked.push(request.url);
      response.end(PLAYLIST.join("\n"));
    });
    await page.addScriptTag({ url: script });
    const seen = await page.evaluate(async (name) => {
      const { attachSession } = await (name === "shaka"
        ? import("@ansdev/player/shaka")
        : import("@ansdev/player/videojs"));
      const { plain } = await import("film");
      const { play } = await import("players");
      const source = (token: string) => {
        const told: boolean[] = [];
        const resolve = (url: string) => Promise.resolve(url.includes("playlist") ? `${url}?${token}` : url);
        return { told, resolve, invalidate: () => undefined, setActive: (active: boolean) => told.push(active) };
      };
      const [one, other] = [source("one"), source("other")];
      const playing = await play(name, one, "/playlist.m3u8");
      const attach = attachSession as (player: unknown, session: typeof one) => () => void;
      const code = (act: () => unknown) => {
        try {
          act();
          return null;
        } catch (error) {
          return plain(error)?.code;
        }
      };
      const seen = {
        other: code(() => attach(playing.player, other)),
        twice: attach(playing.player, one) === playing.detach,
        detached: (playing.detach(), code(() => attach(playing.player, other))),
      };
      void playing.load("/playlist.m3u8");
      return { ...seen, last: one.told.at(-1) };
    }, name);
    expect(seen).toEqual({ other: "INVALID_OPTIONS", twice: true, detached: null, last: false });
    await expect.poll(() => asked.at(-1)).toBe("/playlist.m3u8?other");
    expect(asked.filter((url) => url?.split("?").length !== 2)).toEqual([]);
  });
}

const ORDERS = {
  "before loadSource and attachMedia": ["session", "source", "media"],
  "between loadSource and attachMedia": ["source", "session", "media"],
  "between attachMedia and loadSource": ["media", "session", "source"],
  "after attachMedia and loadSource": ["media", "source", "session"],
} as const;

for (const [when, order] of Object.entries(ORDERS)) {
  test(`attachSession ${when}: the film plays, and the session is told what is needed`, async ({ page, mock }) => {
    const seen = await page.evaluate(
      async ([access, order]) => {
        const { createClient } = await import("@ansdev/player");
        const { attachSession } = await import("@ansdev/player/hls");
        const { default: Hls } = await import("hls.js");
        const session = await (await createClient(access)).openSession("vid_single_key");
        const told = { active: [] as boolean[], needed: [] as boolean[] };
        const source = {
          resolve: async (url: string) => session.resolve(url),
          invalidate: (url?: string) => {
            session.invalidate(url);
          },
          setActive: (active: boolean) => told.active.push(active),
          setNeeded: (needed: boolean) => told.needed.push(needed),
        };
        const video = document.body.appendChild(document.createElement("video"));
        video.muted = true;
        const hls = new Hls();
        const url = await session.manifestUrl();
        const steps = {
          session: () => attachSession(hls, source),
          source: () => {
            hls.loadSource(url);
          },
          media: () => {
            hls.attachMedia(video);
          },
        };
        const loaded = new Promise((resolve) => {
          hls.once(Hls.Events.KEY_LOADED, resolve);
        });
        for (const step of order) steps[step]();
        void video.play().catch(() => undefined);
        await loaded;
        const playing = { active: told.active.at(-1), needed: told.needed.at(-1) };
        video.pause();
        await new Promise((resolve) => setTimeout(resolve));
        const paused = told.active.at(-1);
        hls.destroy();
        return { ...playing, paused, destroyed: [told.active.at(-1), told.needed.at(-1)] };
      },
      [mock.access, order] as const,
    );
    expect(seen).toEqual({ active: true, needed: false, paused: false, destroyed: [false, true] });
    expect(await mock.mints()).toHaveLength(1);
    expect(await mock.refusals()).toEqual([]);
    expect((await mock.journal()).filter(({ route, status }) => route === "key" && status === 200)).toHaveLength(1);
  });
}

for (const [how, progressive] of [
  ["xhrSetup", false],
  ["fetchSetup, with progressive: true", true],
] as const) {
  test(`the page's own ${how} and policies go on, with the token; a refused one is renewed once`, async ({
    page,
    site,
  }) => {
    const asked: string[] = [];
    const statuses = [401];
    site.route("/playlist.m3u8", (_request, response) => {
      response.end(PLAYLIST.join("\n"));
    });
    site.route("/segment", (_request, response) => {
      response.end(Buffer.alloc(188));
    });
    site.route("/key", (request, response) => {
      asked.push(`${String(request.url)} ${String(request.headers["x-mine"])}`);
      response.writeHead(statuses.shift() ?? 200).end(Buffer.alloc(16));
    });
    const seen = await page.evaluate(async (progressive) => {
      const { attachSession } = await import("@ansdev/player/hls");
      const { default: Hls } = await import("hls.js");
      let token = 1;
      const refused: (string | undefined)[] = [];
      const hls = new Hls({
        progressive,
        xhrSetup: (xhr) => {
          xhr.setRequestHeader("x-mine", "xhr");
        },
        fetchSetup: ({ url }, init) => new Request(url, { ...(init as RequestInit), headers: { "x-mine": "fetch" } }),
        keyLoadPolicy: { default: { ...Hls.DefaultConfig.keyLoadPolicy.default, maxLoadTimeMs: 4_321 } },
      });
      attachSession(hls, {
        resolve: (url) => Promise.resolve(url.endsWith("/key") ? `${url}?token=${token}` : url),
        invalidate: (url) => {
          refused.push(url);
          token++;
        },
      });
      hls.loadSource("/playlist.m3u8");
      hls.attachMedia(document.createElement("video"));
      await new Promise<void>((resolve, reject) => {
        hls.on(Hls.Events.KEY_LOADED, () => {
          resolve();
        });
        hls.on(Hls.Events.ERROR, (_name, { fatal, error }) => {
          if (fatal) reject(error);
        });
      });
      return { refused, maxLoadTimeMs: hls.config.keyLoadPolicy.default.maxLoadTimeMs };
    }, progressive);
    const way = progressive ? "fetch" : "xhr";
    expect(asked).toEqual([`/key?token=1 ${way}`, `/key?token=2 ${way}`]);
    expect(seen).toEqual({ refused: [`${site.url}/key?token=1`], maxLoadTimeMs: 4_321 });
  });
}

test("detaching restores the configuration exactly, but what the page has changed since", async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { attachSession } = await import("@ansdev/player/hls");
    const { default: Hls } = await import("hls.js");
    const source = { resolve: (url: string) => Promise.resolve(url), invalidate: () => undefined };
    const own = {
      xhrSetup: () => undefined,
      fetchSetup: (_context: unknown, init: unknown) => new Request("/", init as RequestInit),
    };
    const differences = (config: object, from: object): string[] => {
      const [now, before] = [config, from] as Record<string, unknown>[];
      return [...new Set([...Object.keys(config), ...Object.keys(from)])].filter(
        (name) => !now || !before || !(name in now) || !(name in before) || now[name] !== before[name],
      );
    };
    const results = [];
    for (const given of [{}, own, { progressive: true }]) {
      const hls = new Hls(given);
      const before = { config: { ...hls.config }, userConfig: { ...hls.userConfig } };
      const detach = attachSession(hls, source);
      const while_ = differences(hls.config, before.config).sort();
      detach();
      detach();
      results.push({
        while: while_,
        after: [...differences(hls.config, before.config), ...differences(hls.userConfig, before.userConfig)],
      });
    }
    const hls = new Hls();
    const detach = attachSession(hls, source);
    hls.config.xhrSetup = own.xhrSetup;
    detach();
    return { results, isKept: hls.config.xhrSetup === own.xhrSetup };
  });
  const changed = ["fetchSetup", "keyLoadPolicy", "manifestLoadPolicy", "playlistLoadPolicy", "xhrSetup"];
  expect(seen).toEqual({
    results: [1, 2, 3].map(() => ({ while: changed, after: [] })),
    isKept: true,
  });
});

test("a loader of the page's own plays where it extends one of hls.js's; else INVALID_OPTIONS says what is missing", async ({
  page,
  mock,
}) => {
  const seen = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { attachSession } = await import("@ansdev/player/hls");
    const { plain } = await import("film");
    const { default: Hls } = await import("hls.js");
    const session = await (await createClient(access)).openSession("vid_single_key");
    class Stranger {
      load(): void {
        throw new Error("It is never asked");
      }
    }
    const refusals = ["loader", "pLoader"].map((name) => {
      try {
        attachSession(new Hls({ [name]: Stranger }), session);
        return null;
      } catch (error) {
        const { code, message } = plain(error) ?? {};
        return [code, message?.includes(`\`${name}\``), message?.includes("Hls.DefaultConfig.loader")];
      }
    });
    const urls: string[] = [];
    class Own extends Hls.DefaultConfig.loader {
      override load(...[context, ...rest]: Parameters<InstanceType<typeof Hls.DefaultConfig.loader>["load"]>): void {
        urls.push(context.url);
        super.load(context, ...rest);
      }
    }
    const hls = new Hls({ loader: Own });
    attachSession(hls, session);
    hls.loadSource(await session.manifestUrl());
    hls.attachMedia(document.createElement("video"));
    await new Promise((resolve) => {
      hls.once(Hls.Events.KEY_LOADED, resolve);
    });
    return { refusals, asked: urls.some((url) => url.includes("/video/key/")) };
  }, mock.access);
  expect(seen).toEqual({
    refusals: [
      ["INVALID_OPTIONS", true, true],
      ["INVALID_OPTIONS", true, true],
    ],
    asked: true,
  });
  expect(await mock.mints()).toHaveLength(1);
  expect(await mock.refusals()).toEqual([]);
});

test("of two players of one session, either may need tokens; one that has left needs none", async ({ page, mock }) => {
  const told = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { attachSession } = await import("@ansdev/player/hls");
    const { default: Hls } = await import("hls.js");
    const session = await (await createClient(access)).openSession("vid_single_key");
    const url = await session.manifestUrl();
    const told: boolean[] = [];
    session.setNeeded = (needed) => told.push(needed);
    const one = new Hls();
    attachSession(one, session);
    const loaded = new Promise((resolve) => {
      one.once(Hls.Events.KEY_LOADED, resolve);
    });
    one.loadSource(url);
    one.attachMedia(document.createElement("video"));
    await loaded;
    const alone = told.at(-1);
    const other = new Hls();
    attachSession(other, session);
    const both = told.at(-1);
    other.destroy();
    return { alone, both, left: told.at(-1) };
  }, mock.access);
  expect(told).toEqual({ alone: false, both: true, left: false });
});

/** How debugging aids put something of their own in XMLHttpRequest's place. */
const WRAPPERS = {
  "by a class that extends it": () => {
    globalThis.XMLHttpRequest = class extends XMLHttpRequest {
      override open(...request: unknown[]): void {
        (window as unknown as { opened: unknown[] }).opened.push(request[1]);
        Reflect.apply(super.open.bind(this), this, request);
      }
    };
  },
  "by a Proxy of each request": () => {
    const Native = XMLHttpRequest;
    globalThis.XMLHttpRequest = function () {
      return new Proxy(new Native(), {
        get: (xhr, name) => {
          const value: unknown = Reflect.get(xhr, name, xhr);
          if (typeof value !== "function") return value;
          return (...given: unknown[]): unknown => {
            if (name === "open") (window as unknown as { opened: unknown[] }).opened.push(given[1]);
            return Reflect.apply(value, xhr, given);
          };
        },
        set: (xhr, name, value) => Reflect.set(xhr, name, value, xhr),
      });
    } as never;
  },
  "by an object that has only what it knows": () => {
    const Native = XMLHttpRequest;
    globalThis.XMLHttpRequest = class {
      readonly #xhr = new Native();
      onreadystatechange: ((event: Event) => void) | null = null;
      onprogress: ((event: Event) => void) | null = null;
      readyState = 0;
      status = 0;
      response: unknown = null;
      responseText = "";
      responseURL = "";
      responseType: XMLHttpRequestResponseType = "";
      constructor() {
        this.#xhr.onreadystatechange = (event) => {
          this.#look();
          this.onreadystatechange?.(event);
        };
        this.#xhr.onprogress = (event) => this.onprogress?.(event);
      }
      open(method: string, url: string): void {
        (window as unknown as { opened: unknown[] }).opened.push(url);
        this.#xhr.open(method, url);
        this.#look();
      }
      setRequestHeader(name: string, value: string): void {
        this.#xhr.setRequestHeader(name, value);
      }
      getResponseHeader(name: string): string | null {
        return this.#xhr.getResponseHeader(name);
      }
      send(): void {
        this.#xhr.responseType = this.responseType;
        this.#xhr.send();
      }
      abort(): void {
        this.#xhr.abort();
      }
      #look(): void {
        const { readyState, status, responseType, responseURL } = this.#xhr;
        const response: unknown = this.#xhr.response;
        Object.assign(this, { readyState, status, response, responseURL });
        if (responseType === "" || responseType === "text") this.responseText = this.#xhr.responseText;
      }
    } as never;
  },
};

for (const [how, wrap] of Object.entries(WRAPPERS)) {
  test(`XMLHttpRequest that the page has wrapped, ${how}: plays like plain hls.js does`, async ({ page, mock }) => {
    await page.evaluate(() => {
      Object.assign(window, { opened: [] });
    });
    await page.evaluate(wrap);
    const seen = await page.evaluate(async (access) => {
      const { createClient } = await import("@ansdev/player");
      const { attachSession } = await import("@ansdev/player/hls");
      const { default: Hls } = await import("hls.js");
      const client = await createClient(access);
      const buffered = async (id: string, isOurs: boolean) => {
        const session = await client.openSession(id);
        const hls = new Hls();
        if (isOurs) attachSession(hls, session);
        const end = new Promise<string>((resolve) => {
          hls.on(Hls.Events.FRAG_BUFFERED, () => {
            resolve("buffered");
          });
          hls.on(Hls.Events.ERROR, (_name, { fatal, details, error }) => {
            if (fatal) resolve(`${details}: ${String(error)}`);
          });
        });
        hls.loadSource(await session.manifestUrl());
        hls.attachMedia(document.createElement("video"));
        const result = await end;
        hls.destroy();
        return result;
      };
      return { plain: await buffered("vid_clear", false), ours: await buffered("vid_single_key", true) };
    }, mock.access);
    expect(seen).toEqual({ plain: "buffered", ours: "buffered" });
    const keys = (await mock.journal()).filter(({ route, status }) => route === "key" && status === 200);
    expect(keys.length).toBeGreaterThan(0);
    const opened = await page.evaluate(() => (window as unknown as { opened: string[] }).opened);
    expect(
      opened.filter((url) => url.includes("/key/")),
      "the wrapper sees our requests",
    ).toHaveLength(keys.length);
    expect(await mock.refusals()).toEqual([]);
  });
}
