import { join } from "node:path";

import { expect, test } from "../../browser/support/test.ts";
import { type Answered, askForToken } from "../support/ask.ts";
import { Program, ROOT } from "../support/program.ts";
import { Redis } from "../support/redis.ts";

const VIDEO = "vid_rotating_keys";
const LOOPING = "127.0.0.2";

test.describe("examples/express, two processes on one Redis", { tag: "@all" }, () => {
  let redis: Redis;
  let programs: Program[];

  test.beforeEach(async ({ mock }) => {
    redis = await Redis.start();
    const start = (): Promise<Program> =>
      Program.start(
        ["node", "server.js"],
        { apiKey: mock.apiKey, baseUrl: mock.url },
        {
          cwd: join(ROOT, "examples/express"),
          REDIS_URL: redis.url,
        },
      );
    programs = await Promise.all([start(), start()]);
    // Connected: who comes earlier than that is told to come again.
    for (const [index, { url }] of programs.entries()) {
      await expect
        .poll(async () => (await askForToken(url, "x".repeat(64), { viewer: `127.0.1.${String(index)}` })).status)
        .toBe(404);
    }
  });
  test.afterEach(async () => {
    for (const program of programs) await program.stop();
    await redis.stop();
  });

  /** Asks at both processes by turns, as a balancer lets a viewer do, so many at a time. */
  async function loop(
    viewer: string,
    times: number,
    between: (answered: number) => Promise<void> = () => Promise.resolve(),
  ) {
    const answers: Answered[] = [];
    let asked = 0;
    const ask = async (): Promise<void> => {
      while (asked < times) {
        const url = programs[asked++ % 2]?.url ?? "";
        answers.push(await askForToken(url, VIDEO, { viewer }));
        await between(answers.length);
      }
    };
    await Promise.all(Array.from({ length: 20 }, ask));
    return answers;
  }
  const count = (answers: Answered[], status: number): number =>
    answers.filter((answer) => answer.status === status).length;

  test("a thousand requests of one viewer cost ten tokens, and others are not held up", async ({ mock }) => {
    const others: Answered[] = [];
    const answers = await loop(LOOPING, 1000, async (answered) => {
      if (answered % 250 !== 0) return;
      const url = programs[others.length % 2]?.url ?? "";
      others.push(await askForToken(url, VIDEO, { viewer: `127.0.0.${String(10 + others.length)}` }));
    });
    expect([count(answers, 200), count(answers, 429)]).toEqual([10, 990]);
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const minted = (await mock.mints()).filter(({ status }) => status === 200);
    expect(minted).toHaveLength(14);
  });

  test("Redis killed in between lets nobody in uncounted, and nobody wait; back, it counts on", async ({ mock }) => {
    const before = await loop(LOOPING, 6);
    expect(count(before, 200)).toBe(6);
    let killed: Promise<void> | undefined;
    const during = await loop(LOOPING, 300, async () => {
      await (killed ??= redis.kill());
    });
    const letIn = count(during, 200);
    expect(letIn).toBeLessThanOrEqual(4);
    expect(count(during, 503)).toBeGreaterThan(0);
    expect(count(during, 200) + count(during, 503) + count(during, 429)).toBe(300);

    const began = performance.now();
    const down = await loop("127.0.0.9", 40);
    expect(count(down, 503)).toBe(40);
    for (const { headers } of down) expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(performance.now() - began).toBeLessThan(7000);

    await redis.restart();
    await expect
      .poll(async () => (await loop("127.0.0.10", 2)).map(({ status }) => status), { timeout: 20_000 })
      .toEqual([200, 200]);
    const after = await loop(LOOPING, 300);
    expect(count(after, 200)).toBeLessThanOrEqual(4 - letIn);
    const minted = (await mock.mints()).filter(({ status }) => status === 200);
    expect(minted.length).toBeLessThanOrEqual(10 + 10);
  });

  test("a Redis that hangs without a word is 503 in time, and nobody is let in", async ({ mock }) => {
    redis.hang();
    try {
      const began = performance.now();
      const answers = await loop(LOOPING, 40);
      expect(count(answers, 503)).toBe(40);
      // Two rounds of twenty at a time, each within the time that one answer may take.
      expect(performance.now() - began).toBeLessThan(2 * 7000);
      expect((await mock.mints()).filter(({ status }) => status === 200)).toEqual([]);
    } finally {
      redis.resume();
    }
    await expect
      .poll(async () => (await loop("127.0.0.10", 2)).map(({ status }) => status), { timeout: 20_000 })
      .toEqual([200, 200]);
  });
});
