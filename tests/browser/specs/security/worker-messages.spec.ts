import type { Page } from "@playwright/test";

import { Secret } from "../../pages/attack/secret.js";
import { type Change, serveLeaky } from "../../support/attack/leaky-build.ts";
import { Stranger } from "../../support/attack/stranger.ts";
import { seeds } from "../../support/seeds.ts";
import { expect, test } from "../../support/test.ts";

/** Messages to the Worker in one page. */
const COUNT = 5_000;
/** A seed and a time of somebody's choice, in seconds (`cargo xtask fuzz browser`). */

/** A caller waits 10 s for a token, and a read takes 8. In milliseconds. */
const TIMEOUT = 20_000;

async function fuzz(
  page: Page,
  access: object,
  how: import("attack/fuzz.js").Fuzz,
  entry = "@ansdev/player",
): Promise<import("attack/fuzz.js").Fuzzed> {
  return page.evaluate(
    async ([from, options, given]) => {
      const attack = await import("attack/fuzz.js");
      return attack.fuzz(from, options, given);
    },
    [entry, access, how] as const,
  );
}

test("5,000 fuzzed messages to the Worker: it neither says the key nor sends it elsewhere", async ({
  page,
  mock,
  site,
}) => {
  const elsewhere = await Stranger.start();
  const secret = new Secret(mock.apiKey);
  let pages = 0;
  for (const seed of seeds(1)) {
    await page.goto(site.page("blank.html"));
    const fuzzed = await fuzz(page, mock.access, {
      seed,
      count: COUNT,
      elsewhere: elsewhere.url,
      patience: TIMEOUT,
    });
    // Whatever fails, FUZZ_SEED repeats it.
    expect.soft({ seed, ...fuzzed, heard: fuzzed.heard > COUNT / 10 }).toEqual({
      seed,
      loot: [],
      misshapen: [],
      unanswered: 0,
      answeredTwice: 0,
      heard: true,
      last: "vid_clear",
    });
    expect(
      elsewhere.requests.filter((text) => secret.isInText(text)),
      `seed ${String(seed)}`,
    ).toEqual([]);
    // Whoever was asked, it was the backend, with the key's own prefix.
    for (const { keyPrefix } of await mock.journal()) expect([null, mock.apiKey.slice(0, 12)]).toContain(keyPrefix);
    pages++;
    if (test.info().errors.length > 0) break;
  }
  test.info().annotations.push({ type: "fuzzed", description: `${pages * COUNT} messages` });
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
  const { loot } = await fuzz(page, access, { seed: 1, count: 500, elsewhere: elsewhere.url, patience: 1_000 });
  expect(loot.length).toBeGreaterThan(0);
  await expect.poll(() => elsewhere.requests.some((text) => secret.isInText(text))).toBe(true);
  elsewhere.stop();
});

interface Broken {
  what: string;
  change: Omit<Change, "file">;
  isFound: (fuzzed: import("attack/fuzz.js").Fuzzed) => boolean;
}

const BROKEN: Broken[] = [
  {
    what: "answers twice",
    change: {
      from: 'this.#post({ type: "resolved", call, value: ',
      to: 'this.#post({ type: "resolved", call, value: 1 }); this.#post({ type: "resolved", call, value: ',
    },
    isFound: ({ answeredTwice }) => answeredTwice > 0,
  },
  {
    what: "does not answer what the core refuses",
    change: {
      from: 'this.#post({ type: "rejected", call, error: detailOf(error) });',
      to: 'if (error instanceof Error) this.#post({ type: "rejected", call, error: detailOf(error) });',
    },
    isFound: ({ unanswered }) => unanswered > 0,
  },
  {
    what: "calls methods that are not on the list",
    change: { from: "if (!CALLS.includes(name))", to: "if (!(name in NativeCore.prototype))" },
    // Such as `free`, after which the core is gone.
    isFound: ({ last }) => last !== "vid_clear",
  },
  {
    what: "starts again when told so",
    change: { from: 'if (this.#started) throw new Error("A second init message");', to: "" },
    isFound: ({ last }) => last !== "vid_clear",
  },
];

for (const { what, change, isFound } of BROKEN) {
  test(`positive control: a Worker that ${what} is found out`, async ({ page, mock, site }) => {
    const entry = await serveLeaky(site, [{ file: "worker/dispatcher.ts", ...change }]);
    await page.goto(site.page("blank.html"));
    const how = { seed: 1, count: 1_000, elsewhere: site.url, patience: 1_000 };
    const fuzzed = await fuzz(page, mock.access, how, entry);
    expect(isFound(fuzzed), JSON.stringify(fuzzed)).toBe(true);
  });
}
