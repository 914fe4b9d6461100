import type { Page } from "@playwright/test";

import type { Site } from "../../tests/browser/support/site.ts";
import { bench } from "./support/bench.ts";
import { Heap } from "./support/heap.ts";
import { interleave } from "./support/interleave.ts";

const MANY = 1_000;
const ROUNDS = 40;
const PAGES = 3;
/** Characters of a token, as the mock backend makes them. */
const TOKEN = 212;

/** What the page keeps between evaluations. */
interface Opened {
  client: import("@ansdev/player").Client;
}

/** So many sessions, each of another video and with a live token, which the page hands out itself: no network. */
async function open(page: Page, site: Site, count: number): Promise<Heap> {
  await page.goto(site.page("blank.html"));
  await page.evaluate(
    async ([count, length]) => {
      const { createClient } = await import("@ansdev/player");
      let minted = 0;
      const client = await createClient({
        baseUrl: location.origin,
        getToken: () => Promise.resolve({ token: String(++minted).padEnd(length, "t"), expiresIn: 300 }),
      });
      const sessions = Array.from({ length: count }, async (_, number) => {
        const session = await client.openSession(`vid_${number}`);
        await session.getToken();
      });
      await Promise.all(sessions);
      Object.assign(window, { client });
    },
    [count, TOKEN] as const,
  );
  return Heap.of(page);
}

/** Milliseconds from the refusal of one more session's token to its next token. */
async function renew(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { client } = window as unknown as Opened;
    const session = await client.openSession(`vid_${crypto.randomUUID()}`);
    await session.getToken();
    const began = performance.now();
    session.invalidate();
    await session.getToken();
    const took = performance.now() - began;
    session.destroy();
    return took;
  });
}

bench("a thousand sessions on one page, beside one", async ({ browser, site, record }) => {
  // Only such a page has a clock that is finer than a tenth of a millisecond.
  Object.assign(site.pageHeaders, {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  const perSession: number[] = [];
  const renewalsOfMany: number[] = [];
  const renewalsOfOne: number[] = [];
  for (let i = 0; i < PAGES; i++) {
    const context = await browser.newContext();
    const [few, many] = [await context.newPage(), await context.newPage()];
    const heapOfOne = await open(few, site, 1);
    const heap = await open(many, site, MANY);
    perSession.push(((await heap.bytes()) - (await heapOfOne.bytes())) / (MANY - 1));

    const renewals = await interleave(ROUNDS, { one: () => renew(few), thousand: () => renew(many) });
    renewalsOfOne.push(...renewals.one);
    renewalsOfMany.push(...renewals.thousand);
    await context.close();
  }
  await record({ perSession, renewals: renewalsOfMany, renewalsOfOne });
});
