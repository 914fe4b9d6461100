import { playFilm } from "../../support/play-film.ts";
import { expect, test } from "../../support/test.ts";

test.use({ mockFlags: ["--ttl", "6"] });

test("offline spends no attempts; online again, the film plays on", async ({ page, context, mock, site }) => {
  await page.goto(site.page("blank.html"));
  await playFilm(page, mock.access, "vid_rotating_keys");
  await page.waitForFunction(() => shown.element.currentTime > 1);
  await context.setOffline(true);
  await page.waitForFunction(() => !navigator.onLine);
  const attempts = async () =>
    page.evaluate(() => shown.events.filter(({ type }) => type === "tokenrefreshing").length);
  const before = await attempts();
  // The token expires, and the picture stops: what was loaded is used up.
  await page.waitForFunction(() => Date.now() > (shown.element.session?.expiresAt ?? 0) + 1_000);
  await page.waitForFunction(() => shown.element.nativeEl.readyState < HTMLMediaElement.HAVE_FUTURE_DATA);
  expect(await attempts()).toBe(before);
  const at = await page.evaluate(() => shown.element.currentTime);
  await context.setOffline(false);
  await page.waitForFunction((at) => shown.element.currentTime > at + 4, at);
  expect(await page.evaluate(() => shown.events.filter(({ type }) => type === "error"))).toEqual([]);
  expect(await mock.refusals()).toEqual([]);
});
