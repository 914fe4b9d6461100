import type { Page } from "@playwright/test";

import type { Mock } from "../../support/mock.ts";
import { expect, test } from "../../support/test.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const MINUTE = 60;
const DAY = 86_400;

/** Of 20 tokens one is 5 %: with that one left, the quota is low. */
test.use({ mockFlags: ["--quota", "20"] });

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

/** Other viewers spend so many of the key's tokens. */
async function spend(mock: Mock, tokens: number): Promise<void> {
  for (let spent = 0; spent < tokens; spent++) {
    const headers = { "x-ansdev-key": mock.apiKey };
    const answer = await fetch(`${mock.url}/v1/video/vid_clear/playback-token`, { method: "POST", headers });
    expect(answer.status).toBe(200);
  }
}

/** Somebody watches; what the client tells of the quota is kept. */
async function start(page: Page, mock: Mock): Promise<VirtualTime> {
  const time = await VirtualTime.install(page, mock);
  await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { view } = await import("viewer");
    const client = await createClient(access);
    const told: string[] = [];
    for (const type of ["quotalow", "quotaexceeded"] as const) {
      client.addEventListener(type, ({ detail }) => told.push(`${type} ${String(detail.remaining)}`));
    }
    const session = await client.openSession("vid_single_key");
    Object.assign(window, { viewer: await view(session), told });
  }, mock.access);
  return time;
}

const told = async (page: Page) => page.evaluate(() => (window as unknown as { told: string[] }).told);

/** Asks for a token, and has the answer kept for `outcome`: no answer comes while time stands still. */
async function ask(page: Page, time: VirtualTime) {
  await page.evaluate(async () => {
    const { rejection } = await import("film");
    Object.assign(window, { asked: rejection(viewer.session.getToken()) });
  });
  await time.pass(5);
  return page.evaluate(async () => (window as unknown as { asked: ReturnType<typeof import("film").rejection> }).asked);
}

test("with 5 % left nothing is minted ahead of need; with none left nothing at all, until the reset", async ({
  page,
  mock,
}) => {
  // The backend's day ends in half an hour, whatever the time here: the reset counts by the backend's clock.
  const now = (await mock.now()) / 1000;
  await mock.advance(DAY - (now % DAY) - 30 * MINUTE);
  await spend(mock, 18);
  const time = await start(page, mock);
  expect(await mock.mints()).toHaveLength(19);
  expect(await told(page)).toEqual(["quotalow 1"]);

  await time.pass(10 * MINUTE);
  expect(await mock.mints(), "somebody watches, but nobody asks").toHaveLength(19);

  expect(await ask(page, time), "the last token is kept for a request that needs it").toBeNull();
  expect(await mock.mints()).toHaveLength(20);
  expect(await told(page)).toEqual(["quotalow 1", "quotaexceeded 0"]);

  await time.pass(6 * MINUTE);
  const refused = await ask(page, time);
  expect(refused).toMatchObject({ code: "RATE_LIMIT_EXCEEDED", retryable: true, fatal: false, status: 429 });
  // 16 minutes of the half hour are over; after the reset comes a random wait of up to a minute.
  expect(refused?.retryAfter).toBeGreaterThan(13 * MINUTE);
  expect(refused?.retryAfter).toBeLessThan(15 * MINUTE + 5);
  expect(await mock.mints(), "the refusal cost no request").toHaveLength(20);

  await time.pass(15 * MINUTE);
  expect(await ask(page, time)).toBeNull();
  expect(await mock.refusals(), "nothing was asked of the backend in vain").toEqual([]);
});
