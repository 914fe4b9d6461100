import type { Page } from "@playwright/test";

import type { Mock } from "../../support/mock.ts";
import { expect, test } from "../../support/test.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const HOUR = 3_600;
/** Seconds between a token and the next: its life of 300 less a lead of 30, and up to 15 more by chance. */
const MAX_GAP = 270;
const MIN_GAP = 255;

/** So many viewers of one video, all in one page. */
async function start(page: Page, mock: Mock, id: string, viewers = 1, options = {}): Promise<VirtualTime> {
  const time = await VirtualTime.install(page, mock);
  await page.evaluate(
    async ([options, id, viewers]) => {
      const { createClient } = await import("@ansdev/player");
      const { view } = await import("viewer");
      const client = await createClient(options);
      const all = await Promise.all(Array.from({ length: viewers }, async () => view(await client.openSession(id))));
      Object.assign(window, { viewer: all[0] });
    },
    [{ ...mock.access, ...options }, id, viewers] as const,
  );
  return time;
}

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("two hours on tokens of 300 s: as few tokens as can be, and never one that has expired", async ({
  page,
  mock,
}) => {
  const time = await start(page, mock, "vid_two_hours");
  await time.pass(2 * HOUR);
  const mints = await mock.mints();
  expect(mints.length).toBeGreaterThanOrEqual(Math.ceil((2 * HOUR) / MAX_GAP));
  expect(mints.length).toBeLessThanOrEqual(Math.ceil((2 * HOUR) / MIN_GAP));
  expect(await mock.refusals()).toEqual([]);
  const { statuses, errors } = await page.evaluate(() => viewer);
  // The playlist, the first key, and one a minute.
  expect(statuses.length, "the film went on").toBeGreaterThanOrEqual(120);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(errors).toEqual([]);
});

test("four players of one video spend what one spends", async ({ page, mock }) => {
  const time = await start(page, mock, "vid_two_hours", 4);
  await time.pass(HOUR / 2);
  const mints = await mock.mints();
  expect(mints.length).toBeGreaterThanOrEqual(Math.ceil(HOUR / 2 / MAX_GAP));
  expect(mints.length).toBeLessThanOrEqual(Math.ceil(HOUR / 2 / MIN_GAP));
  expect(await mock.refusals()).toEqual([]);
});

test("an hour's pause spends nothing; playing on gets the one token that it needs", async ({ page, mock }) => {
  const time = await start(page, mock, "vid_two_hours");
  await page.evaluate(() => {
    viewer.pause();
  });
  await time.pass(HOUR);
  expect(await mock.mints()).toHaveLength(1);
  await page.evaluate(() => {
    viewer.play();
  });
  await time.pass(130);
  expect(await mock.mints()).toHaveLength(2);
  expect(await mock.refusals()).toEqual([]);
  expect(await page.evaluate(() => viewer.statuses)).toEqual([200, 200, 200, 200]);
});

test('refresh "on-demand": no token before a request needs one', async ({ page, mock }) => {
  const time = await start(page, mock, "vid_single_key", 1, { refresh: "on-demand" });
  await time.pass(HOUR);
  expect(await mock.mints(), "the film's one key is loaded").toHaveLength(1);
  await page.evaluate(() => {
    void viewer.session.getToken();
  });
  await time.pass(10);
  expect(await mock.mints()).toHaveLength(2);
});

test("a video's token is renewed while any session of it needs one; what nobody has said counts as needed", async ({
  page,
  mock,
}) => {
  const time = await VirtualTime.install(page, mock);
  await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const client = await createClient(access);
    const sessions = [await client.openSession("vid_single_key"), await client.openSession("vid_single_key")];
    for (const session of sessions) session.setActive(true);
    await sessions[0]?.getToken();
    sessions[0]?.setNeeded(false);
    Object.assign(window, { last: sessions[1] });
  }, mock.access);
  await time.pass(HOUR / 4);
  const minted = (await mock.mints()).length;
  expect(minted).toBeGreaterThanOrEqual(Math.floor(HOUR / 4 / MAX_GAP));
  await page.evaluate(() => {
    (window as unknown as { last: import("@ansdev/player").Session }).last.setNeeded(false);
  });
  await time.pass(HOUR / 4);
  expect(await mock.mints()).toHaveLength(minted);
});
