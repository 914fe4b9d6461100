/** Nothing is minted before somebody wants to watch; and what a viewer expects of a video works all the same. */
import type { Page } from "@playwright/test";

import type { Mock } from "../support/mock.ts";
import { expect, test } from "../support/test.ts";

/** Puts an `<ansdev-video>` into the page, with a client, and waits until it could load. */
async function show(
  page: Page,
  mock: Mock,
  attributes: Record<string, string>,
  { top = 0, style = "" }: { top?: number; style?: string } = {},
): Promise<void> {
  await page.evaluate(
    async ([access, given, above, look]) => {
      const { createClient } = await import("@ansdev/player");
      await import("@ansdev/player/element");
      document.body.style.margin = "0";
      document.body.insertAdjacentHTML("beforeend", `<div style="height: ${String(above)}px"></div>`);
      const element = document.createElement("ansdev-video");
      for (const [name, value] of Object.entries({ "video-id": "vid_clear", muted: "", ...given })) {
        element.setAttribute(name, value);
      }
      element.style.cssText = look;
      element.client = await createClient(access);
      document.body.append(element);
      while (element.hls === null) await new Promise((resolve) => setTimeout(resolve, 20));
      // What is near the viewport is known after the next pictures.
      for (let picture = 0; picture < 3; picture++) await new Promise(requestAnimationFrame);
      await element.session?.getToken();
    },
    [mock.access, attributes, top, style] as const,
  );
}

/** Whether it has loaded anything; the token alone was asked for by the test. */
const loads = async (mock: Mock) => (await mock.journal()).some(({ route }) => route === "manifest");

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("without preload, and with preload=none, nothing is loaded before play()", async ({ page, mock }) => {
  await show(page, mock, {});
  await show(page, mock, { preload: "none" });
  expect(await loads(mock)).toBe(false);
});

for (const tabs of [1, 2]) {
  test(`five videos that nobody plays cost no token, and the one that is played one, in tabs: ${tabs}`, async ({
    page,
    mock,
    site,
  }) => {
    const pages = [page];
    while (pages.length < tabs) pages.push(await page.context().newPage());
    const ids = ["vid_rotating_keys", "vid_single_key", "vid_two_renditions", "vid_on_cdn", "vid_two_hours"];
    for (const tab of pages) {
      await tab.goto(site.page("blank.html"));
      await tab.evaluate(
        async ([options, ids]) => {
          const { createClient } = await import("@ansdev/player");
          await import("@ansdev/player/element");
          const client = await createClient(options);
          for (const id of ids) {
            const element = document.createElement("ansdev-video");
            Object.assign(element, { client, videoId: id, muted: true });
            element.style.cssText = "display: block; height: 100vh";
            document.body.append(element);
          }
          const elements = [...document.querySelectorAll("ansdev-video")];
          while (elements.some(({ hls }) => hls === null)) await new Promise((resolve) => setTimeout(resolve, 20));
          for (let picture = 0; picture < 3; picture++) await new Promise(requestAnimationFrame);
        },
        [{ ...mock.access, shareAcrossTabs: tabs > 1 }, ids] as const,
      );
    }
    expect(await mock.journal()).toEqual([]);
    // Whatever was under way would have been sent before this.
    await Promise.all(
      pages.map((tab) =>
        tab.evaluate(async () => {
          const [, , , , element] = document.querySelectorAll("ansdev-video");
          await element?.play();
        }),
      ),
    );
    expect((await mock.mints()).map(({ path }) => path)).toEqual(["/v1/video/vid_two_hours/playback-token"]);
  });
}

for (const preload of ["metadata", "auto", ""]) {
  test(`preload="${preload}" loads near the viewport, and not below the fold`, async ({ page, mock }) => {
    await show(page, mock, { preload }, { top: 5_000 });
    expect(await loads(mock)).toBe(false);
    await page.evaluate(() => {
      scrollTo(0, 4_000);
    });
    await expect.poll(async () => loads(mock)).toBe(true);
  });
}

test("without a box it counts as near", async ({ page, mock }) => {
  await show(page, mock, { preload: "metadata" }, { style: "display: none" });
  await expect.poll(async () => loads(mock)).toBe(true);
});

test("without an observer it counts as near", async ({ page, mock }) => {
  await page.evaluate(() => {
    Reflect.deleteProperty(window, "IntersectionObserver");
  });
  await show(page, mock, { preload: "metadata" }, { top: 5_000 });
  await expect.poll(async () => loads(mock)).toBe(true);
});

test("in another document it is observed anew", async ({ page, mock }) => {
  await show(page, mock, { preload: "metadata" }, { top: 5_000 });
  expect(await loads(mock)).toBe(false);
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.style.cssText = "position: fixed; inset: 0";
    document.body.append(frame);
    const element = document.querySelector("ansdev-video");
    if (element) frame.contentDocument?.body.append(element);
  });
  await expect.poll(async () => loads(mock)).toBe(true);
});

test("autoplay does not wait for the viewport", async ({ page, mock }) => {
  await show(page, mock, { autoplay: "" }, { top: 5_000 });
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 0.5);
  expect(await mock.mints()).toHaveLength(1);
});

for (const attribute of ["autoplay", "preload"]) {
  test(`${attribute} waits until the page is visible and activated`, async ({ page, mock }) => {
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      Object.defineProperty(document, "prerendering", { value: true, configurable: true });
    });
    await show(page, mock, { [attribute]: "auto" });
    expect(await loads(mock)).toBe(false);
    await page.evaluate(() => {
      Reflect.deleteProperty(document, "visibilityState");
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.evaluate(async () => document.querySelector("ansdev-video")?.session?.getToken());
    expect(await loads(mock), "it is still being prerendered").toBe(false);
    await page.evaluate(() => {
      Reflect.deleteProperty(document, "prerendering");
      document.dispatchEvent(new Event("prerenderingchange"));
    });
    await expect.poll(async () => loads(mock)).toBe(true);
    if (attribute === "autoplay") {
      await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 0.5);
    }
  });
}

const STARTS: Record<string, (page: Page) => Promise<void>> = {
  "a click on the picture": async (page) => page.mouse.click(160, 60),
  "the play button": async (page) => page.mouse.click(28, 150),
  "the space bar": async (page) => {
    await page.evaluate(() => {
      document.querySelector("ansdev-video")?.nativeEl.focus();
    });
    await page.keyboard.press("Space");
  },
};
for (const [how, start] of Object.entries(STARTS)) {
  for (const preload of ["none", "metadata"]) {
    test(`with the browser's controls and preload="${preload}", ${how} starts it`, async ({ page, mock }) => {
      await show(page, mock, { controls: "", width: "320", height: "180", preload });
      if (preload === "metadata") {
        await page.waitForFunction(() => (document.querySelector("ansdev-video")?.readyState ?? 0) > 0);
      }
      await page.evaluate(() => {
        const video = document.querySelector("ansdev-video")?.nativeEl;
        const native = video?.play.bind(video);
        const seen = { isHandling: false, early: true };
        for (const type of ["click", "keydown", "keyup"]) {
          addEventListener(
            type,
            () => {
              seen.isHandling = true;
              setTimeout(() => (seen.isHandling = false));
            },
            { capture: true },
          );
        }
        if (video && native) {
          video.play = async () => {
            seen.early &&= seen.isHandling;
            return native();
          };
        }
        Object.assign(window, { seen });
      });
      await start(page);
      await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 0.5);
      const early = await page.evaluate(() => (window as unknown as { seen: { early: boolean } }).seen.early);
      expect(early, "in the click's own task").toBe(true);
    });
  }
}

test("a poster is shown; width and height, or 16:9, hold the place", async ({ page, mock, site }) => {
  site.route("/poster.svg", (_request, response) => {
    response.writeHead(200, { "content-type": "image/svg+xml" });
    response.end('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path d="M0 0h16v9H0z"/></svg>');
  });
  const asked = page.waitForResponse("**/poster.svg");
  await show(page, mock, { poster: "/poster.svg", width: "320" });
  await asked;
  const box = async () => page.locator("ansdev-video").boundingBox();
  expect(await box()).toMatchObject({ width: 320, height: 180 });
  await page.evaluate(() => {
    const element = document.querySelector("ansdev-video");
    if (element) element.width = 160;
  });
  expect(await box()).toMatchObject({ width: 160, height: 90 });
  await page.evaluate(() => document.querySelector("ansdev-video")?.setAttribute("height", "200"));
  expect(await box()).toMatchObject({ width: 160, height: 200 });
  await page.evaluate(() => {
    const element = document.querySelector("ansdev-video");
    element?.removeAttribute("width");
    element?.removeAttribute("height");
  });
  expect(await box(), "as wide as a <video> that says nothing").toMatchObject({ width: 300 });
  await page.evaluate(() => {
    const element = document.querySelector("ansdev-video");
    if (element) element.style.cssText = "display: block; width: 640px";
  });
  expect(await box()).toMatchObject({ width: 640, height: 360 });
});

test("in another document it keeps its style, and watches that one", async ({ page, mock }) => {
  await show(page, mock, { preload: "metadata", width: "320" });
  const seen = await page.evaluate(async () => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    const element = document.querySelector("ansdev-video");
    const inner = frame.contentDocument;
    if (!element || !inner) throw new Error("The page has no frame");
    element.muted = true;
    inner.body.append(element);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { minWidth } = getComputedStyle(element.nativeEl);
    const session = element.session;
    const told: boolean[] = [];
    await element.play();
    if (session) session.setActive = (active) => told.push(active);
    Object.defineProperty(inner, "visibilityState", { value: "hidden" });
    inner.dispatchEvent(new Event("visibilitychange"));
    return { minWidth, told };
  });
  expect(seen).toEqual({ minWidth: "100%", told: [false] });
});
