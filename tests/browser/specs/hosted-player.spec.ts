import AxeBuilder from "@axe-core/playwright";
import type { Frame, Page } from "@playwright/test";

import { HAS_DOCS, type Mock } from "../support/mock.ts";
import { expect, test } from "../support/test.ts";

/** What a page's own server does: mints a token, and passes on where its player is. */
async function playerUrl(mock: Mock, video: string): Promise<string> {
  const headers = { "x-ansdev-key": mock.apiKey };
  const minted = await fetch(`${mock.url}/v1/video/${video}/playback-token`, { method: "POST", headers });
  const { data } = (await minted.json()) as { data: { playerUrl: string } };
  return data.playerUrl;
}

async function play(frame: Page | Frame): Promise<void> {
  await frame.waitForFunction(() => customElements.get("ansdev-video") !== undefined);
  await frame.evaluate(() => document.querySelector("ansdev-video")?.play());
}

async function playedTo(frame: Page | Frame, seconds: number): Promise<void> {
  await frame.waitForFunction((until) => (document.querySelector("ansdev-video")?.currentTime ?? 0) > until, seconds);
}

test("playerUrl is a page that plays with its token alone", async ({ page, mock }) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(await playerUrl(mock, "vid_rotating_keys"));
  await play(page);
  await playedTo(page, 5);
  await expect(page.getByRole("status")).toBeEmpty();
  expect(complaints).toEqual([]);

  const journal = await mock.journal();
  expect(journal.filter(({ route }) => route === "mint")).toHaveLength(1);
  expect(journal.filter(({ route }) => route === "key").length).toBeGreaterThanOrEqual(2);
  // The page has no key to send.
  expect(journal.filter(({ route, keyPrefix }) => route !== "mint" && keyPrefix !== null)).toEqual([]);
  expect(await mock.refusals()).toEqual([]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});

for (const [where, video] of [
  ["", "vid_two_renditions"],
  [", also from the CDN", "vid_two_on_cdn"],
] as const) {
  test(`playerUrl plays in an iframe on another origin${where}`, async ({ page, mock, site }) => {
    const address = await playerUrl(mock, video);
    site.route("/embedding", (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(`<!doctype html><title>Embedding</title><link rel="icon" href="data:,">
      <iframe title="Film" src="${address}" allow="autoplay; fullscreen" width="640" height="360"></iframe>`);
    });
    await page.goto(`${site.url}/embedding`);
    const frame = page.frame({ url: address });
    if (frame === null) throw new Error("The page has no frame");
    await play(frame);
    await playedTo(frame, 3);
    const box = await frame.locator("ansdev-video").boundingBox();
    expect(box).toMatchObject({ width: 640, height: 360 });
    expect(await mock.refusals()).toEqual([]);
    // The page around it has learned nothing but the address that it was given.
    await expect(page.evaluate(() => frames[0]?.document)).rejects.toThrow(/cross-origin/);
  });
}

test("what acts for the developer shows in no frame of another page", async ({ page, mock, site }) => {
  const refused: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("frame-ancestors")) refused.push(message.text());
  });
  const paths = ["/", "/dashboard/api-keys", "/_mock/clock", ...(HAS_DOCS ? ["/docs/"] : [])];
  site.route("/framing", (_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(paths.map((path) => `<iframe src="${mock.url}${path}"></iframe>`).join(""));
  });
  await page.goto(`${site.url}/framing`);
  await expect.poll(() => refused).toHaveLength(paths.length);
  for (const frame of page.frames().slice(1)) expect(frame.url()).toBe("chrome-error://chromewebdata/");
  // Control: opened by itself, each is there.
  for (const path of paths) expect((await page.goto(mock.url + path))?.status()).toBe(200);
});

test.describe("with tokens of 6 s", () => {
  test.use({ mockFlags: ["--ttl", "6"] });

  test("the page says so when its token is spent", async ({ page, mock }) => {
    // Too long for all its keys to be loaded by then.
    await page.goto(await playerUrl(mock, "vid_ten_minutes"));
    await play(page);
    await expect(page.getByRole("status")).toContainText("token is spent");
    expect((await mock.journal()).filter(({ route }) => route === "mint")).toHaveLength(1);
  });

  test("a player that is opened too late says why it does not play", async ({ page, mock }) => {
    const address = await playerUrl(mock, "vid_clear");
    await mock.advance(7);
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(401);
    await expect(page.getByRole("alert")).toContainText("expired");
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  });
});
