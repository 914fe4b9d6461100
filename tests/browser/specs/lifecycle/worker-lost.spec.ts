/** A browser ends a Worker and tells nobody, as iOS does with those of pages in the background. */
import type { Page } from "@playwright/test";

import { serveLeaky } from "../../support/attack/leaky-build.ts";
import { expect, test } from "../../support/test.ts";

const FILM = "vid_rotating_keys";
/** A page where there are no Web Locks: the Worker holds none. */
const WITHOUT_LOCKS = { file: "worker/main.ts", from: "    holdLock();\n", to: "" };

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

/** Ends the client's Worker as a browser does: no event comes. */
async function endWorker(page: Page): Promise<void> {
  const [worker] = page.workers();
  const closed = worker?.waitForEvent("close");
  await worker?.evaluate(() => {
    close();
  });
  await closed;
}

/** Keeps the Worker, or else the page, from doing anything for so many milliseconds. */
const block = (milliseconds: number): void => {
  const end = Date.now() + milliseconds;
  while (Date.now() < end);
};

const errorCode = async (page: Page) =>
  page.evaluate(() => (shown.element.error as { cause?: { code: string } } | null)?.cause?.code ?? null);

test("is noticed on a page that clears every timer", async ({ page, mock }) => {
  const clearTimers = (): void => {
    for (let timer = Number(setTimeout(() => undefined)); timer > 0; timer--) clearTimeout(timer);
  };
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      Object.assign(window, { shown: film(await createClient(access), id) });
      await shown.element.play();
    },
    [mock.access, FILM] as const,
  );
  await page.evaluate(clearTimers);
  await endWorker(page);
  const asked = page.evaluate(async () => {
    const { rejection } = await import("film");
    return rejection(shown.element.client?.openSession("vid_clear") ?? Promise.resolve());
  });
  await page.evaluate(clearTimers);
  expect(await asked).toMatchObject({ code: "WORKER_LOST" });
});

test("with a key: WORKER_LOST, fatal, on every session, and another client plays on", async ({ page, mock }) => {
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film, plain } = await import("film");
      const client = await createClient(access);
      const idle = await client.openSession("vid_clear");
      const told: unknown[] = [];
      idle.addEventListener("tokenerror", ({ detail }) => told.push({ ...plain(detail.error), ...detail }));
      Object.assign(window, { shown: film(client, id), idle, told });
      await shown.element.play();
    },
    [mock.access, FILM] as const,
  );
  await endWorker(page);
  await expect.poll(async () => errorCode(page)).toBe("WORKER_LOST");
  const seen = await page.evaluate(async () => {
    const { rejection } = await import("film");
    const { idle, told } = window as unknown as { idle: import("@ansdev/player").Session; told: unknown[] };
    const { element } = shown;
    const late = await rejection(element.client?.openSession("vid_clear") ?? Promise.resolve());
    return { told, state: idle.state, own: element.session?.state, asked: await rejection(idle.getToken()), late };
  });
  const lost = { code: "WORKER_LOST", fatal: true, retryable: false };
  expect(seen).toMatchObject({
    told: [{ ...lost, willRetry: false }],
    state: "failed",
    own: "failed",
    asked: lost,
    late: lost,
  });
  const at = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { currentTime } = shown.element;
    shown.element.client = await createClient(access);
    return currentTime;
  }, mock.access);
  await page.waitForFunction((before) => shown.element.currentTime > before + 1, at);
  expect(await errorCode(page)).toBeNull();
});

test("with getToken: another Worker by itself, and the film goes on", async ({ page, mock }) => {
  await mint(page, mock.access);
  await endWorker(page);
  await page.waitForEvent("worker");
  const at = await page.evaluate(() => shown.element.currentTime);
  await page.waitForFunction((before) => shown.element.currentTime > before + 6, at);
  const seen = await page.evaluate(async () => {
    const { element, events, longestGap } = shown;
    const errors = events.filter(({ type }) => type === "error" || type === "tokenerror");
    return {
      errors,
      gap: longestGap(),
      state: element.session?.state,
      token: typeof (await element.session?.getToken()),
    };
  });
  expect(seen).toMatchObject({ errors: [], state: "live", token: "string" });
  expect(await mock.refusals()).toEqual([]);
  // What was asked while nobody was there is asked anew, and a second loss is no different.
  await endWorker(page);
  expect(await page.evaluate(async () => typeof (await shown.element.session?.getToken()))).toBe("string");
});

test("@all without Web Locks it is noticed at the next call, and when the page wakes", async ({ page, mock, site }) => {
  const entry = await serveLeaky(site, [WITHOUT_LOCKS]);
  for (const how of ["call", "wake"] as const) {
    const started = await page.evaluate(
      async ([from, access]) => {
        const { createClient } = (await import(from)) as typeof import("@ansdev/player");
        const session = await (await createClient(access)).openSession("vid_clear");
        Object.assign(window, { session });
        return session.state;
      },
      [entry, mock.access] as const,
    );
    expect(started).toBe("idle");
    await endWorker(page);
    const code = await page.evaluate(async (asked) => {
      const { session } = window as unknown as { session: import("@ansdev/player").Session };
      const told = new Promise<string>((resolve) => {
        session.addEventListener("tokenerror", ({ detail }) => {
          resolve(detail.error.code);
        });
      });
      if (asked === "call") session.getToken().catch(() => undefined);
      else document.dispatchEvent(new Event("resume"));
      return told;
    }, how);
    expect({ how, code }).toEqual({ how, code: "WORKER_LOST" });
  }
});

for (const [what, ofLocks] of [
  ["with Web Locks, a Worker that does nothing for 10 s", true],
  ["without, one that does nothing for 4 s", false],
  ["without, a page that does nothing for 8 s", false],
] as const) {
  test(`@all no false alarm: ${what}`, async ({ page, mock, site }) => {
    const entry = ofLocks ? "/sdk/index.js" : await serveLeaky(site, [WITHOUT_LOCKS]);
    await open(page, entry, mock.access);
    const [worker] = page.workers();
    if (what.includes("page")) {
      // The call is on its way while the page stands still.
      await page.evaluate(
        ([source]) => {
          const { session } = window as unknown as { session: import("@ansdev/player").Session };
          Object.assign(window, { asked: session.getToken().catch(() => undefined) });
          (eval(`(${source})`) as typeof block)(8_000);
        },
        [block.toString()] as const,
      );
    } else {
      const blocked = worker?.evaluate(block, ofLocks ? 10_000 : 4_000);
      await page.evaluate(() => {
        const { session } = window as unknown as { session: import("@ansdev/player").Session };
        Object.assign(window, { asked: session.getToken().catch(() => undefined) });
      });
      await blocked;
    }
    await stillThere(page);
    expect(page.workers()).toEqual([worker]);
  });
}

test("@all a lock that a script steals, again and again, changes nothing; nor do replaced timers", async ({
  page,
  mock,
}) => {
  await open(page, "/sdk/index.js", mock.access);
  const [worker] = page.workers();
  const stolen = await page.evaluate(async () => {
    const taken = new Set<string>();
    const end = performance.now() + 9_000;
    Object.assign(window, { setTimeout: queueMicrotask });
    while (performance.now() < end) {
      const { held = [] } = await navigator.locks.query();
      for (const { name = "" } of held) {
        taken.add(name);
        await navigator.locks.request(name, { steal: true }, () => undefined);
      }
      document.dispatchEvent(new Event("resume"));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return taken.size;
  });
  expect(stolen).toBeGreaterThan(1);
  await stillThere(page, false);
  expect(page.workers()).toEqual([worker]);
});

/** Plays a film with tokens that the page's own function mints. */
async function mint(page: Page, access: { apiKey: string; baseUrl: string }): Promise<void> {
  await page.evaluate(
    async ([{ apiKey, baseUrl }, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      const getToken = async ({ videoId }: { videoId: string }) => {
        const headers = { "x-ansdev-key": apiKey };
        const answer = await fetch(`${baseUrl}/v1/video/${videoId}/playback-token`, { method: "POST", headers });
        return ((await answer.json()) as { data: { token: string; expiresIn: number } }).data;
      };
      Object.assign(window, { shown: film(await createClient({ getToken, baseUrl }), id) });
      await shown.element.play();
    },
    [access, "vid_ten_minutes"] as const,
  );
}

async function open(page: Page, entry: string, access: { apiKey: string; baseUrl: string }): Promise<void> {
  await page.evaluate(
    async ([from, options]) => {
      const { createClient } = (await import(from)) as typeof import("@ansdev/player");
      const session = await (await createClient(options)).openSession("vid_clear");
      const told: string[] = [];
      session.addEventListener("tokenerror", ({ detail }) => told.push(detail.error.code));
      Object.assign(window, { session, told });
    },
    [entry, access] as const,
  );
}

/** The session works, and never said otherwise; `wasAsked` where a call is on its way. */
async function stillThere(page: Page, wasAsked = true): Promise<void> {
  const seen = await page.evaluate(async (isAsked) => {
    const { session, asked, told } = window as unknown as {
      session: import("@ansdev/player").Session;
      asked: Promise<unknown>;
      told: string[];
    };
    // A mint that was under way meanwhile may have timed out; that the Worker is lost it must not say.
    if (isAsked) await asked;
    return { token: typeof (await session.getToken()), lost: told.filter((code) => code === "WORKER_LOST") };
  }, wasAsked);
  expect(seen).toEqual({ token: "string", lost: [] });
}
