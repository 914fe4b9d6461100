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
