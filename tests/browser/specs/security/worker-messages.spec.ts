import type { Page } from "@playwright/test";

import { Secret } from "../../pages/attack/secret.js";
import { Stranger } from "../../support/attack/stranger.ts";
import { expect, test } from "../../support/test.ts";

/** Messages to the Worker. */
const COUNT = 5_000;

async function fuzz(
  page: Page,
  access: object,
  elsewhere: string,
  messages = COUNT,
): Promise<import("attack/fuzz.js").Fuzzed> {
  return page.evaluate(
    async ([options, count, other]) => {
      const attack = await import("attack/fuzz.js");
      return attack.fuzz("@ansdev/player", options, count, other);
    },
    [access, messages, elsewhere] as const,
  );
}

test("5,000 fuzzed messages to the Worker: it neither says the key nor sends it elsewhere", async ({
  page,
  mock,
  site,
}) => {
  const elsewhere = await Stranger.start();
  const secret = new Secret(mock.apiKey);
  await page.goto(site.page("blank.html"));
  const { loot, heard, last } = await fuzz(page, mock.access, elsewhere.url);
  expect(loot).toEqual([]);
  // Answers that need the network may come later; the others make up more than this.
  expect(heard).toBeGreaterThan(COUNT / 10);
  expect(last).toBe("answer");
  expect(elsewhere.requests.filter((text) => secret.isInText(text))).toEqual([]);
  // Whoever was asked, it was the backend, with the key's own prefix.
  for (const { keyPrefix } of await mock.journal()) expect([null, mock.apiKey.slice(0, 12)]).toContain(keyPrefix);
  elsewhere.stop();
});

test("positive control: a Worker that answers with the key, and sends it where it is told, is found out", async ({
  page,
  mock,
  site,
}) => {
  const elsewhere = await Stranger.start();
  const secret = new Secret(mock.apiKey);
  await page.goto(site.page("blank.html"));
  const access = { ...mock.access, workerUrl: "/attack/leaky-worker.js" };
  const { loot } = await fuzz(page, access, elsewhere.url, 500);
  expect(loot.length).toBeGreaterThan(0);
  await expect.poll(() => elsewhere.requests.some((text) => secret.isInText(text))).toBe(true);
  elsewhere.stop();
});
