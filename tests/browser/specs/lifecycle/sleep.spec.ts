import type { Page } from "@playwright/test";

import type { Mock } from "../../support/mock.ts";
import { expect, test } from "../../support/test.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const HOUR = 3_600;

/** Somebody watches, with a token of 300 s that has just been minted. */
async function start(page: Page, mock: Mock): Promise<VirtualTime> {
  const time = await VirtualTime.install(page, mock);
  await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { view } = await import("viewer");
    const session = await (await createClient(access)).openSession("vid_two_hours");
    Object.assign(window, { viewer: await view(session) });
  }, mock.access);
  return time;
}

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("after an hour's sleep the first request gets a new token, though the monotonic clock stood still", async ({
  page,
  mock,
}) => {
  const time = await start(page, mock);
  const before = await page.evaluate(() => performance.now());
  await time.sleep(HOUR);
  expect((await page.evaluate(() => performance.now())) - before).toBeLessThan(HOUR * 100);
  await page.evaluate(() => {
    void viewer.next();
  });
  await time.pass(1);
  expect(await page.evaluate(() => viewer.statuses)).toEqual([200, 200, 200]);
  expect(await mock.mints()).toHaveLength(2);
  expect(await mock.refusals()).toEqual([]);
});

test("after an hour's sleep a page that asks for nothing has a new token within 30 s", async ({ page, mock }) => {
  const time = await start(page, mock);
  await time.sleep(HOUR);
  expect(await mock.mints()).toHaveLength(1);
  await time.pass(31);
  expect(await mock.mints()).toHaveLength(2);
});

test("a sleep shorter than the token's life only brings its renewal nearer", async ({ page, mock }) => {
  const time = await start(page, mock);
  await time.sleep(100);
  await time.pass(150);
  expect(await mock.mints()).toHaveLength(1);
  // The renewal is due 255 to 270 s after the mint; the clocks are looked at every 30 s at least.
  await time.pass(30);
  expect(await mock.mints()).toHaveLength(2);
  expect(await mock.refusals()).toEqual([]);
});

for (const { what, by, after } of [
  { what: "back", by: -HOUR, after: 1 },
  // It makes the token look spent: an early renewal, and nothing else.
  { what: "forward", by: HOUR, after: 2 },
]) {
  test(`a wall clock that is set an hour ${what} breaks nothing`, async ({ page, mock }) => {
    const time = await start(page, mock);
    await time.setWallClock(by);
    await time.pass(245);
    expect(await mock.mints()).toHaveLength(after);
    await time.pass(HOUR / 6);
    expect(await mock.refusals()).toEqual([]);
    expect(new Set(await page.evaluate(() => viewer.statuses))).toEqual(new Set([200]));
  });
}
