import type { Page } from "@playwright/test";

import type { PlainError } from "film";

import type { Mock } from "../../support/mock.ts";
import { expect, test } from "../../support/test.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const FILM = "vid_rotating_keys";
/** Milliseconds that a mint takes: long enough to do something meanwhile. */
const LATENCY = 700;

interface Opened {
  client: import("@ansdev/player").Client;
  one: import("@ansdev/player").Session;
  two: import("@ansdev/player").Session;
  events: string[];
  rejection: typeof import("film").rejection;
}
declare const opened: Opened;

/** Two sessions of one video, and what they tell. */
async function open(page: Page, mock: Mock): Promise<void> {
  await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { rejection } = await import("film");
      const client = await createClient(access);
      const [one, two] = [await client.openSession(id), await client.openSession(id)];
      const events: string[] = [];
      for (const [name, session] of Object.entries({ one, two })) {
        for (const type of ["tokenrefreshing", "tokenrefreshed", "tokenerror"] as const) {
          session.addEventListener(type, () => events.push(`${name} ${type}`));
        }
      }
      Object.assign(window, { opened: { client, one, two, events, rejection } });
    },
    [mock.access, FILM] as const,
  );
}

test.beforeEach(async ({ page, site, mock }) => {
  await page.goto(site.page("blank.html"));
  await mock.fault({ route: "mint", kind: "latency", value: LATENCY });
  await open(page, mock);
});

test("aborting affects only that caller; the other gets the token of the one mint", async ({ page, mock }) => {
  const seen = await page.evaluate(async () => {
    const { one, two, rejection } = opened;
    const controller = new AbortController();
    const given = rejection(one.getToken({ signal: controller.signal }));
    const kept = two.getToken();
    setTimeout(() => {
      controller.abort();
    }, 100);
    return { given: await given, kept: (await kept).length, state: one.state };
  });
  expect(seen).toMatchObject({ given: { code: "ABORTED", retryable: false }, state: "live" });
  expect(seen.kept).toBeGreaterThan(0);
  expect(await mock.mints()).toHaveLength(1);
});

test("the last caller that aborts takes the request with it; the next one starts another", async ({ page }) => {
  const requests: string[] = [];
  page.on("requestfailed", (request) => requests.push(`${request.method()} ${request.failure()?.errorText ?? ""}`));
  const seen = await page.evaluate(async () => {
    const { one, two, rejection, events } = opened;
    const controller = new AbortController();
    // Nobody watches: a mint for somebody who watches would go on.
    one.setActive(false);
    two.setActive(false);
    const given = [one, two].map((session) => rejection(session.getToken({ signal: controller.signal })));
    setTimeout(() => {
      controller.abort();
    }, 100);
    const codes = (await Promise.all(given)).map((error) => error?.code);
    const before = [...events];
    const token = await one.getToken();
    return { codes, before, token: token.length, state: one.state };
  });
  expect(seen).toMatchObject({
    codes: ["ABORTED", "ABORTED"],
    before: ["one tokenrefreshing", "two tokenrefreshing"],
    state: "live",
  });
  expect(seen.token).toBeGreaterThan(0);
  expect(requests.filter((text) => text.startsWith("POST"))).toEqual(["POST net::ERR_ABORTED"]);
});

test("a session destroyed in the middle of a mint rejects its own callers, and no others", async ({ page, mock }) => {
  const seen = await page.evaluate(async () => {
    const { one, two, rejection, events } = opened;
    const mine = rejection(one.getToken());
    const others = two.getToken();
    setTimeout(() => {
      one.destroy();
    }, 100);
    const error = await mine;
    const token = await others;
    return {
      error,
      token: token.length,
      states: [one.state, two.state],
      events,
      later: await rejection(one.getToken()),
    };
  });
  expect(seen).toMatchObject({
    error: { code: "DESTROYED" },
    later: { code: "DESTROYED" },
    states: ["destroyed", "live"],
    events: ["one tokenrefreshing", "two tokenrefreshing", "two tokenrefreshed"],
  });
  expect(seen.token).toBeGreaterThan(0);
  expect(await mock.mints()).toHaveLength(1);
});

test("a client destroyed in the middle of a mint: every caller is answered, and a late answer changes nothing", async ({
  page,
}) => {
  const seen = await page.evaluate(async (latency) => {
    const { client, one, two, rejection, events } = opened;
    const waiting = [one, two].map((session) => rejection(session.getToken()));
    setTimeout(() => {
      client.destroy();
    }, 100);
    const codes = (await Promise.all(waiting)).map((error) => error?.code);
    // The answer would have come by then.
    await new Promise((resolve) => {
      setTimeout(resolve, latency);
    });
    return { codes, states: [one.state, two.state], events };
  }, LATENCY);
  expect(seen).toEqual({
    codes: ["DESTROYED", "DESTROYED"],
    states: ["destroyed", "destroyed"],
    events: ["one tokenrefreshing", "two tokenrefreshing"],
  });
});

test("a page's server that answers 429 and an hour is asked once by a viewer", async ({ page, mock, site }) => {
  const time = await VirtualTime.install(page, mock);
  let asked = 0;
  site.route("/tokens", (_request, response) => {
    asked++;
    response.writeHead(429, { "retry-after": "3600" }).end();
  });
  const seen = await page.evaluate(async () => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const client = await createClient({
      getToken: async () => {
        const response = await fetch("/tokens", { method: "POST" });
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw response;
      },
    });
    const session = await client.openSession("vid_single_key");
    session.setActive(true);
    const first = await rejection(session.getToken());
    const again = await rejection(session.getToken());
    Object.assign(window, { ask: () => rejection(session.getToken()) });
    return { first, again, state: session.state };
  });
  expect(seen.first).toMatchObject({ code: "RATE_LIMIT_EXCEEDED", status: 429 });
  expect(seen.first?.message).toContain("page's server");
  expect(seen.again?.retryAfter).toBeGreaterThan(3_500);
  expect(seen.state).toBe("exhausted");
  await time.pass(600);
  // Time stands still but in `pass`.
  await page.evaluate(() => {
    const { ask } = window as unknown as { ask: () => Promise<PlainError | null> };
    Object.assign(window, { later: ask() });
  });
  await time.pass(20);
  const later = await page.evaluate(() => (window as unknown as { later: Promise<PlainError | null> }).later);
  expect(later?.retryAfter, "ten minutes have passed").toBeLessThan(3_600 + 60 - 590);
  expect(asked).toBe(1);
});
