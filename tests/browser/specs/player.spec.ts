import type { Page } from "@playwright/test";

import type { Mock } from "../support/mock.ts";
import { expect, test } from "../support/test.ts";

/** Puts an `<ansdev-player>` into the page. */
async function show(page: Page, mock: Mock, videoId: string, attributes: Record<string, string> = {}): Promise<void> {
  await page.evaluate(
    async ([access, id, given]) => {
      const { createClient } = await import("@ansdev/player");
      await import("@ansdev/player/player");
      const player = document.createElement("ansdev-player");
      for (const [name, value] of Object.entries({ "video-id": id, muted: "", ...given })) {
        player.setAttribute(name, value);
      }
      player.client = await createClient(access);
      document.body.append(player);
    },
    [mock.access, videoId, attributes] as const,
  );
}

const time = async (page: Page) => page.evaluate(() => document.querySelector("ansdev-player")?.media.currentTime ?? 0);

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("plays, pauses, seeks and mutes by its buttons and by the keyboard", async ({ page, mock }) => {
  // Long enough that a slow machine is not at its end before the keyboard has sought.
  await show(page, mock, "vid_ten_minutes");
  await page.getByRole("button", { name: "play", exact: true }).click();
  await expect.poll(async () => time(page)).toBeGreaterThan(1);
  await page.getByRole("button", { name: "pause", exact: true }).click();
  const state = async () =>
    page.evaluate(() => {
      const { paused, muted } = document.querySelector("ansdev-player")?.media ?? {};
      return { paused, muted };
    });
  await expect.poll(state).toEqual({ paused: true, muted: true });
  // The controls hear of it by the `pause` event, a task later, and until then the "k" below would pause again.
  await expect(page.getByRole("button", { name: "play", exact: true })).toBeVisible();
  const before = await time(page);
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => time(page)).toBeGreaterThan(before + 5);
  await page.keyboard.press("m");
  await page.keyboard.press("k");
  await expect.poll(state).toEqual({ paused: false, muted: false });
});

test("the quality menu chooses a rendition", async ({ page, mock }) => {
  await show(page, mock, "vid_two_renditions", { autoplay: "" });
  await page.getByRole("button", { name: "quality" }).click();
  await expect(page.getByRole("menuitemradio", { name: "180p", exact: true })).toBeVisible();
  await page.getByRole("menuitemradio", { name: "90p", exact: true }).click();
  await page.waitForFunction(() => document.querySelector("ansdev-player")?.media.videoHeight === 90);
});

test("the captions menu shows the page's tracks", async ({ page, mock, site }) => {
  site.route("/captions.vtt", (_request, response) => {
    response.writeHead(200, { "content-type": "text/vtt" }).end("WEBVTT\n\n00:00.000 --> 00:20.000\nHello\n");
  });
  await show(page, mock, "vid_clear", { autoplay: "" });
  await page.evaluate(() => {
    const track = Object.assign(document.createElement("track"), {
      kind: "captions",
      label: "English",
      srclang: "en",
      src: "/captions.vtt",
    });
    document.querySelector("ansdev-player")?.append(track);
  });
  await page.getByRole("button", { name: "closed captions" }).click();
  await page.getByRole("menuitemradio", { name: "English" }).click();
  await page.waitForFunction(
    () => document.querySelector("ansdev-player")?.media.textTracks[0]?.activeCues?.[0] !== undefined,
  );
  expect(await page.evaluate(() => document.querySelector("ansdev-player")?.media.textTracks[0]?.mode)).toBe("showing");
});

test("picture in picture and full screen have their buttons; the poster is shown", async ({ page, mock, site }) => {
  site.route("/poster.svg", (_request, response) => {
    response
      .writeHead(200, { "content-type": "image/svg+xml" })
      .end('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path fill="red" d="M0 0h16v9H0z"/></svg>');
  });
  const asked = page.waitForResponse("**/poster.svg");
  await show(page, mock, "vid_clear", { poster: "/poster.svg", preload: "auto" });
  await asked;
  await page.getByRole("button", { name: "enter picture in picture mode" }).click();
  await page.waitForFunction(() => document.pictureInPictureElement?.localName === "ansdev-player");
  await page.getByRole("button", { name: "exit picture in picture mode" }).click();
  await page.waitForFunction(() => document.pictureInPictureElement === null);
  await page.getByRole("button", { name: "enter fullscreen mode" }).click();
  await page.waitForFunction(() => document.fullscreenElement?.localName === "ansdev-player");
  await expect(page.getByRole("button", { name: "exit fullscreen mode" })).toBeVisible();
});

const ENDED = {
  en: ["This session has ended.", "Try again", "play"],
  hi: ["यह सत्र समाप्त हो गया है।", "फिर से कोशिश करें", "चलाएँ"],
  es: ["Esta sesión ha terminado.", "Reintentar", "reproducir"],
  fr: ["Cette session est terminée.", "Réessayer", "lire"],
  de: ["Diese Sitzung ist beendet.", "Erneut versuchen", "abspielen"],
  "ja-JP": ["このセッションは終了しました。", "再試行", "再生"],
  // Media Chrome would speak it, and the player does not: one language for both.
  "pt-BR": ["This session has ended.", "Try again", "play"],
};
for (const [language, [ended = "", retry = "", play = ""]] of Object.entries(ENDED)) {
  test(`says in ${language} that the session has ended`, async ({ page, mock }) => {
    await mock.revoke(mock.apiKey);
    await show(page, mock, "vid_clear", { lang: language, preload: "metadata" });
    await expect(page.getByRole("alert")).toContainText(ended);
    await expect(page.getByRole("button", { name: retry })).toBeVisible();
    await expect(page.getByLabel(play, { exact: true })).toHaveCount(1);
  });
}

test("an error is told to the viewer, and its button tries again", async ({ page, mock }) => {
  await show(page, mock, "vid_in_the_making", { preload: "metadata" });
  await expect(page.getByRole("alert")).toContainText("still being prepared");
  await mock.advance(86_400);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
  await expect(page.getByRole("alert")).toBeHidden();
});

test("a client that is destroyed in the middle ends the session for the viewer", async ({ page, mock }) => {
  await show(page, mock, "vid_rotating_keys", { autoplay: "" });
  await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
  await page.evaluate(() => document.querySelector("ansdev-player")?.client?.destroy());
  await expect(page.getByRole("alert")).toContainText("This session has ended.");
  expect(await page.evaluate(() => document.querySelector("ansdev-player")?.media.paused)).toBe(true);
});

test("its controls come when the first player does, and not with the import", async ({ page }) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  await page.evaluate(async () => import("@ansdev/player/player").then(() => undefined));
  expect(loaded.filter((url) => url.includes("media-chrome"))).toEqual([]);
  await page.evaluate(() => {
    document.body.append(document.createElement("ansdev-player"));
  });
  await expect(page.getByRole("button", { name: "play", exact: true })).toBeVisible();
  expect(loaded.some((url) => url.includes("media-chrome"))).toBe(true);
});

test("parts and custom properties style it", async ({ page }) => {
  await page.addStyleTag({
    content: "ansdev-player { --ansdev-player-color: rgb(1, 2, 3) } ansdev-player::part(message) { border: 5px solid }",
  });
  const seen = await page.evaluate(async () => {
    await import("@ansdev/player/player");
    const player = document.body.appendChild(document.createElement("ansdev-player"));
    const message = player.shadowRoot?.querySelector("[part=message]");
    return { color: getComputedStyle(player).color, border: message && getComputedStyle(message).borderTopWidth };
  });
  expect(seen).toEqual({ color: "rgb(1, 2, 3)", border: "5px" });
});

test("its controls, when they come, do not interrupt a film that plays already", async ({ page, mock }) => {
  await show(page, mock, "vid_clear", { autoplay: "" });
  const seen = await page.evaluate(async () => {
    const told: string[] = [];
    const media = document.querySelector("ansdev-player")?.media;
    for (const type of ["pause", "emptied"]) media?.nativeEl.addEventListener(type, () => told.push(type));
    await new Promise((resolve) => media?.addEventListener("playing", resolve, { once: true }));
    while (!document.querySelector("ansdev-player")?.shadowRoot?.querySelector("media-controller")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (let more = 0; more < 3; more++) {
      await new Promise((resolve) => media?.addEventListener("timeupdate", resolve, { once: true }));
    }
    return { told, paused: media?.paused };
  });
  expect(seen).toEqual({ told: [], paused: false });
});

test("poster and lang may change at any time", async ({ page, mock, site }) => {
  for (const name of ["one", "other"]) {
    site.route(`/${name}.svg`, (_request, response) => {
      response.writeHead(200, { "content-type": "image/svg+xml" });
      response.end('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path d="M0 0h16v9H0z"/></svg>');
    });
  }
  await mock.revoke(mock.apiKey);
  await show(page, mock, "vid_clear", { poster: "/one.svg", lang: "en", preload: "metadata" });
  const poster = page.locator("media-poster-image");
  await expect(poster).toHaveAttribute("src", "/one.svg");
  await expect(page.getByRole("alert")).toContainText("This session has ended.");
  await page.evaluate(() => {
    const player = document.querySelector("ansdev-player");
    player?.setAttribute("poster", "/other.svg");
    player?.setAttribute("lang", "de");
  });
  await expect(poster).toHaveAttribute("src", "/other.svg");
  await expect(page.getByRole("alert")).toContainText("Diese Sitzung ist beendet.");
  await expect(page.getByLabel("abspielen", { exact: true })).toHaveCount(1);
});

test("the error screen goes with the error: another video, or a client that comes late", async ({ page, mock }) => {
  await show(page, mock, "vid_nowhere", { preload: "metadata" });
  await expect(page.getByRole("alert")).toBeVisible();
  await page.evaluate(() => document.querySelector("ansdev-player")?.setAttribute("video-id", "vid_clear"));
  await expect(page.getByRole("alert")).toBeHidden();
  await page.evaluate(() => {
    const player = document.querySelector("ansdev-player");
    if (player) Object.assign(window, { client: player.client });
    if (player) player.client = null;
    player?.play().catch(() => undefined);
  });
  await expect(page.getByRole("alert")).toBeVisible();
  await page.evaluate(() => {
    const player = document.querySelector("ansdev-player");
    if (player) player.client = (window as unknown as { client: typeof player.client }).client;
  });
  await expect(page.getByRole("alert")).toBeHidden();
  await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
});

test("a chosen quality stays chosen after media that could not be decoded", async ({ page, mock }) => {
  await show(page, mock, "vid_two_renditions", { autoplay: "" });
  await page.getByRole("button", { name: "quality" }).click();
  await page.getByRole("menuitemradio", { name: "90p", exact: true }).click();
  await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
  const selected = await page.evaluate(async () => {
    const media = document.querySelector("ansdev-player")?.media;
    const emptied = new Promise((resolve) => media?.addEventListener("emptied", resolve, { once: true }));
    const loaded = new Promise((resolve) => media?.addEventListener("loadedmetadata", resolve, { once: true }));
    const before = (media as unknown as { videoRenditions: { selectedIndex: number } }).videoRenditions.selectedIndex;
    media?.hls?.recoverMediaError();
    await emptied;
    await loaded;
    const after = (media as unknown as { videoRenditions: { selectedIndex: number } }).videoRenditions.selectedIndex;
    return { before, after, manual: media?.hls?.manualLevel };
  });
  expect(selected.before).toBeGreaterThanOrEqual(0);
  expect(selected).toMatchObject({ after: selected.before, manual: selected.before });
});

test("muted in picture in picture, inside the player, counts as watched", async ({ page, mock }) => {
  await show(page, mock, "vid_ten_minutes", { autoplay: "" });
  await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
  await page.getByRole("button", { name: "enter picture in picture mode" }).click();
  await page.waitForFunction(() => document.pictureInPictureElement !== null);
  const told = await page.evaluate(() => {
    const session = document.querySelector("ansdev-player")?.session;
    const said: boolean[] = [];
    if (session) session.setActive = (active) => said.push(active);
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
    return said;
  });
  expect(told.at(-1)).toBe(true);
});

test("two players in two languages speak each their own, whatever plays last", async ({ page, mock }) => {
  await show(page, mock, "vid_ten_minutes", { lang: "de", id: "german" });
  await show(page, mock, "vid_ten_minutes", { lang: "es", id: "spanish" });
  const [german, spanish] = [page.locator("#german"), page.locator("#spanish")];
  const button = "media-play-button";
  for (let round = 0; round < 2; round++) {
    for (const player of [german, spanish]) await player.evaluate((element) => (element as HTMLVideoElement).play());
    await expect(german.locator(button)).toHaveAttribute("aria-label", "pause");
    await expect(spanish.locator(button)).toHaveAttribute("aria-label", "pausar");
    for (const player of [german, spanish]) {
      await player.evaluate((element) => {
        (element as HTMLVideoElement).pause();
      });
    }
    await expect(german.locator(button)).toHaveAttribute("aria-label", "abspielen");
    await expect(spanish.locator(button)).toHaveAttribute("aria-label", "reproducir");
  }
  await expect(german.locator("media-captions-menu-button")).toHaveAttribute("aria-label", "Untertitel");
});

test("what the page forbids has neither a button nor a key, as on <video> and in Media Chrome", async ({
  page,
  mock,
}) => {
  await show(page, mock, "vid_ten_minutes", { autoplay: "", controlslist: "nofullscreen noplaybackrate" });
  await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
  const player = page.locator("ansdev-player");
  await expect(player.locator("media-fullscreen-button")).toBeHidden();
  await expect(player.locator("media-playback-rate-menu-button")).toBeHidden();
  await expect(player.locator("media-pip-button")).toBeVisible();
  await player.evaluate((element) => {
    element.setAttribute("disablepictureinpicture", "");
  });
  await expect(player.locator("media-pip-button")).toBeHidden();
  const media = "ansdev-video";
  expect(await player.locator(media).evaluate((video) => (video as HTMLVideoElement).disablePictureInPicture)).toBe(
    true,
  );
  await player.locator("media-controller").focus();
  for (const key of ["f", "p"]) await page.keyboard.press(key);
  await page.keyboard.press("m");
  const muted = async () => player.locator(media).evaluate((video) => (video as HTMLVideoElement).muted);
  await expect.poll(muted).toBe(false);
  expect(await page.evaluate(() => [document.fullscreenElement, document.pictureInPictureElement])).toEqual([
    null,
    null,
  ]);
  await player.evaluate((element) => {
    element.setAttribute("nohotkeys", "");
  });
  await expect(player.locator("media-controller")).toHaveAttribute("nohotkeys", "");
  await page.keyboard.press("m");
  await page.keyboard.press("k");
  // The film goes on, and with it the time that a key would have had.
  const before = await time(page);
  await expect.poll(async () => time(page)).toBeGreaterThan(before + 0.5);
  expect(await muted()).toBe(false);
});

for (const tag of ["ansdev-player", "ansdev-video"]) {
  test(`start-time is where <${tag}> begins`, async ({ page, mock }) => {
    const began = await page.evaluate(
      async ([access, name]) => {
        const { createClient } = await import("@ansdev/player");
        await import("@ansdev/player/player");
        await import("@ansdev/player/element");
        const element = document.createElement(name) as HTMLMediaElement & { media?: HTMLMediaElement };
        for (const [key, value] of Object.entries({
          "video-id": "vid_ten_minutes",
          "start-time": "125.5",
          muted: "",
        })) {
          element.setAttribute(key, value);
        }
        Object.assign(element, { client: await createClient(access) });
        document.body.append(element);
        await element.play();
        return (element.media ?? element).currentTime;
      },
      [mock.access, tag] as const,
    );
    expect(began).toBeGreaterThanOrEqual(125.5);
    expect(began).toBeLessThan(127);
  });
}

test("chapters and thumbnails of <track> are shown above the time, defaultsubtitles at once", async ({
  page,
  mock,
  site,
}) => {
  const texts = {
    "chapters/all.vtt": "00:00.000 --> 05:00.000\nThe beginning\n\n05:00.000 --> 10:00.000\nThe end\n",
    "thumbs/all.vtt": "00:00.000 --> 10:00.000\nsprite.svg#xywh=0,0,160,90\n",
    "captions.vtt": "00:00.000 --> 10:00.000\nHello\n",
  };
  for (const [path, cues] of Object.entries(texts)) {
    site.route(`/${path}`, (_request, response) => {
      response.writeHead(200, { "content-type": "text/vtt" }).end(`WEBVTT\n\n${cues}`);
    });
  }
  site.route("/thumbs/sprite.svg", (_request, response) => {
    response.writeHead(200, { "content-type": "image/svg+xml" });
    response.end('<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90"><path d="M0 0h160v90H0z"/></svg>');
  });
  await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    await import("@ansdev/player/player");
    const template = document.createElement("template");
    template.innerHTML = `<ansdev-player video-id="vid_ten_minutes" muted autoplay defaultsubtitles nosubtitleslangpref>
      <track default kind="chapters" src="/chapters/all.vtt">
      <track default kind="metadata" label="thumbnails" src="/thumbs/all.vtt">
      <track kind="captions" label="English" srclang="en" src="/captions.vtt"></ansdev-player>`;
    document.body.append(template.content);
    const player = document.querySelector("ansdev-player");
    if (player) player.client = await createClient(access);
  }, mock.access);
  await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
  const range = page.locator("media-time-range");
  const { x = 0, y = 0, width = 0, height = 0 } = (await range.boundingBox()) ?? {};
  for (const [part, chapter] of [
    [0.25, "The beginning"],
    [0.75, "The end"],
  ] as const) {
    await page.mouse.move(x + width * part, y + height / 2, { steps: 3 });
    await expect(range).toHaveAttribute("mediapreviewchapter", chapter);
    await expect(range.locator("media-preview-chapter-display")).toContainText(chapter);
  }
  await expect(range).toHaveAttribute("mediapreviewimage", /\/thumbs\/sprite\.svg/);
  await page.waitForFunction(
    () =>
      Array.from(document.querySelector("ansdev-player")?.media.textTracks ?? []).find(
        ({ kind }) => kind === "captions",
      )?.mode === "showing",
  );
});

test("the system's own controls show the title, and steer the player", async ({ page, mock }) => {
  await page.addInitScript(() => {
    const actions: Partial<Record<MediaSessionAction, MediaSessionActionHandler | null>> = {};
    Object.assign(window, { actions });
    MediaSession.prototype.setActionHandler = (action, handler) => {
      actions[action] = handler;
    };
  });
  await page.reload();
  await show(page, mock, "vid_ten_minutes", { autoplay: "" });
  const title = await page.evaluate(async () => {
    const client = document.querySelector("ansdev-player")?.client;
    return (await client?.videos.get("vid_ten_minutes"))?.title;
  });
  await expect.poll(() => page.evaluate(() => navigator.mediaSession.metadata?.title)).toBe(title);
  const act = async (details: MediaSessionActionDetails) =>
    page.evaluate((given) => {
      const { actions } = window as unknown as { actions: Record<string, MediaSessionActionHandler> };
      actions[given.action]?.(given);
    }, details);
  await act({ action: "seekto", seekTime: 300 });
  await expect.poll(async () => time(page)).toBeGreaterThanOrEqual(300);
  await act({ action: "seekbackward", seekOffset: 200 });
  await expect.poll(async () => time(page)).toBeLessThan(150);
  await act({ action: "seekforward" });
  await expect.poll(async () => time(page)).toBeGreaterThan(109);
  const paused = async () => page.evaluate(() => document.querySelector("ansdev-player")?.media.paused);
  await act({ action: "pause" });
  await expect.poll(paused).toBe(true);
  await act({ action: "play" });
  await expect.poll(paused).toBe(false);
});

test("AirPlay has no button while hls.js plays: no receiver could fetch the keys", async ({ page, mock }) => {
  await page.addInitScript(() => {
    Object.assign(window, { WebKitPlaybackTargetAvailabilityEvent: Event });
  });
  await page.reload();
  await show(page, mock, "vid_rotating_keys", { autoplay: "" });
  await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
  await page.evaluate(() => {
    const event = Object.assign(new Event("webkitplaybacktargetavailabilitychanged"), { availability: "available" });
    document.querySelector("ansdev-player")?.media.dispatchEvent(event);
  });
  const button = page.locator("media-airplay-button");
  await expect(button).not.toHaveAttribute("mediaairplayunavailable");
  await expect(button).toBeHidden();
});

for (const policy of ["style-src 'self'", "require-trusted-types-for 'script'"]) {
  test(`under ${policy} the player has the browser's own controls`, async ({ page, mock, site }) => {
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    site.pageHeaders = { "content-security-policy": policy };
    await page.goto(site.page("blank.html"));
    await show(page, mock, "vid_clear", { autoplay: "" });
    await expect.poll(async () => time(page)).toBeGreaterThan(0.5);
    await page.waitForFunction(() => document.querySelector("ansdev-player")?.media.controls);
    await expect(page.locator("media-controller")).toHaveCount(0);
    expect(said.filter((line) => line.includes("its controls could not be loaded"))).toHaveLength(1);
    expect((await page.locator("ansdev-player").boundingBox())?.height, "it has its own look").toBeGreaterThan(100);
  });
}
