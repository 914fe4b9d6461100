import type { ServerResponse } from "node:http";

import { expect, test } from "../support/test.ts";

const KEY = "ak_test_7c1b1865ed225cf47377e7d21fdec972";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test.describe("createClient", () => {
  const CASES = [
    { what: "no options", options: undefined, code: "INVALID_OPTIONS", says: /expects an object/ },
    { what: "neither apiKey nor getToken", options: {}, code: "INVALID_OPTIONS", says: /neither.*exactly one/ },
    {
      what: "an unknown name",
      options: { apikey: KEY },
      code: "INVALID_OPTIONS",
      says: /no option `apikey`; expected some of apiKey, getToken/,
    },
    {
      what: "an apiKey that is no text",
      options: { apiKey: 5 },
      code: "INVALID_OPTIONS",
      says: /number; expected a string/,
    },
    { what: "an empty apiKey", options: { apiKey: "" }, code: "INVALID_KEY_FORMAT", says: /empty; expected ak_live_/ },
    {
      what: "a key cut short",
      options: { apiKey: KEY.slice(0, 39) },
      code: "INVALID_KEY_FORMAT",
      says: /39 characters/,
    },
    { what: "a key with a space", options: { apiKey: `${KEY} ` }, code: "INVALID_KEY_FORMAT", says: /white space/ },
    {
      what: "a key of another kind",
      options: { apiKey: `sk${KEY.slice(2)}` },
      code: "INVALID_KEY_FORMAT",
      says: /does not start/,
    },
    {
      what: "a getToken that is no function",
      options: { getToken: "x" },
      code: "INVALID_OPTIONS",
      says: /string; expected a function/,
    },
    {
      what: "a baseUrl of another scheme",
      options: { apiKey: KEY, baseUrl: "ftp://x" },
      code: "INVALID_OPTIONS",
      says: /http\(s\)/,
    },
    {
      what: "a baseUrl that is no address",
      options: { apiKey: KEY, baseUrl: "http://" },
      code: "INVALID_OPTIONS",
      says: /not an address/,
    },
    {
      what: "a baseUrl with a query",
      options: { apiKey: KEY, baseUrl: "https://x/?y" },
      code: "INVALID_OPTIONS",
      says: /query/,
    },
    {
      what: "an unknown isolation",
      options: { apiKey: KEY, isolation: "iframe" },
      code: "INVALID_OPTIONS",
      says: /"worker", "page" or, with `getToken`, "auto"/,
    },
    {
      what: "a key that may move into the page",
      options: { apiKey: KEY, isolation: "auto" },
      code: "INVALID_OPTIONS",
      says: /"auto"` goes with `getToken`.*Expected "worker", or "page"/,
    },
    {
      what: "an unknown refresh",
      options: { apiKey: KEY, refresh: "never" },
      code: "INVALID_OPTIONS",
      says: /"eager", "on-demand"/,
    },
  ];
  test("refuses each mistake with a code and a sentence that mends it", async ({ page }) => {
    const errors = await page.evaluate(
      async (given) => {
        const { createClient } = await import("@ansdev/player");
        const { rejection } = await import("film");
        return Promise.all(given.map((options) => rejection(createClient(options as never))));
      },
      CASES.map(({ options }) => options),
    );
    for (const [index, { what, code, says }] of CASES.entries()) {
      const error = errors[index];
      expect.soft(error, what).toMatchObject({ name: "AnsdevError", code, retryable: false, fatal: true });
      expect.soft(error?.message, what).toMatch(says);
      expect.soft(JSON.stringify(error), what).not.toContain(KEY.slice(12, 30));
    }
  });

  test("refuses both apiKey and getToken with INVALID_OPTIONS", async ({ page }) => {
    const error = await page.evaluate(async (apiKey) => {
      const { createClient } = await import("@ansdev/player");
      const { rejection } = await import("film");
      return rejection(createClient({ apiKey, getToken: () => ({ token: "x" }) } as never));
    }, KEY);
    expect(error).toMatchObject({ code: "INVALID_OPTIONS" });
    expect(error?.message).toMatch(/both.*exactly one/);
  });
});

test("ids, limits, cursors and URLs that make no sense are refused, and nothing is asked", async ({ page, mock }) => {
  const errors = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const { videos, ...client } = await createClient(access).then((made) => ({
      videos: made.videos,
      openSession: (id: unknown) => made.openSession(id as string),
    }));
    const session = await client.openSession("vid_clear");
    return Promise.all(
      [
        client.openSession(""),
        client.openSession("v".repeat(65)),
        client.openSession(5),
        client.openSession(".."),
        videos.get(""),
        videos.get(undefined as never),
        videos.list({ limit: 0 }),
        videos.list({ limit: 101 }),
        videos.list({ limit: 1.5 }),
        videos.list({ cursor: 7 as never }),
        session.resolve(undefined as never),
      ].map(rejection),
    );
  }, mock.access);
  for (const error of errors)
    expect(error).toMatchObject({ name: "AnsdevError", code: "INVALID_OPTIONS", fatal: true });
  expect(errors.map((error) => error?.message).filter((message) => !message?.includes("expected"))).toEqual([]);
  expect(await mock.journal()).toEqual([]);
});

test("answers that make no sense are BAD_RESPONSE, which says what was expected", async ({ page, site }) => {
  const mint = (data: unknown) => JSON.stringify({ success: true, data });
  const json = (body: string) => (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  };
  const answers: Record<string, (response: ServerResponse) => void> = {
    html: (response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Login</title>"),
    truncated: (response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
      response.write('{"success":true,"da', () => response.destroy());
    },
    array: json("[]"),
    "no-envelope": json('{"token":"aa.bb.cc","expiresIn":300}'),
    "zero-life": json(mint({ token: "aa.bb.cc", expiresIn: 0 })),
    "negative-life": json(mint({ token: "aa.bb.cc", expiresIn: -5 })),
    "missing-life": json(mint({ token: "aa.bb.cc" })),
    "text-life": json(mint({ token: "aa.bb.cc", expiresIn: "soon" })),
    "missing-token": json(mint({ expiresIn: 300 })),
    "token-of-slashes": json(mint({ token: "../../evil", expiresIn: 300 })),
  };
  for (const [id, answer] of Object.entries(answers)) {
    site.route(`/v1/video/${id}/playback-token`, (_request, response) => {
      answer(response);
    });
  }
  const errors = await page.evaluate(
    async ([apiKey, baseUrl, ids]) => {
      const { createClient } = await import("@ansdev/player");
      const { rejection } = await import("film");
      const client = await createClient({ apiKey, baseUrl });
      const ask = async (id: string) => rejection((await client.openSession(id)).getToken());
      return Promise.all(ids.map(async (id) => [id, await ask(id)] as const));
    },
    [KEY, site.url, Object.keys(answers)] as const,
  );
  for (const [id, error] of errors) {
    const code = id === "truncated" ? /^(NETWORK|BAD_RESPONSE)$/ : /^BAD_RESPONSE$/;
    expect(error?.code, id).toMatch(code);
    expect(error, id).toMatchObject({ name: "AnsdevError", retryable: true, fatal: false, videoId: id });
    if (error?.code === "BAD_RESPONSE") expect(error.message, id).toMatch(/expected/);
  }
});

test("a backend that cannot be reached is NETWORK, within the time promised", async ({ page, mock }) => {
  await mock.stop();
  const seen = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const client = await createClient(access);
    const session = await client.openSession("vid_clear");
    const start = performance.now();
    const errors = await Promise.all([session.getToken(), session.manifestUrl(), client.videos.list()].map(rejection));
    return { errors, seconds: (performance.now() - start) / 1000 };
  }, mock.access);
  for (const error of seen.errors) expect(error).toMatchObject({ code: "NETWORK", retryable: true, fatal: false });
  expect(seen.seconds).toBeLessThan(15);
});

test("a backend that never answers is TIMEOUT", async ({ page, mock }) => {
  await mock.fault({ route: "*", kind: "latency", value: 60_000 });
  const errors = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const client = await createClient(access);
    const session = await client.openSession("vid_clear");
    return Promise.all([session.getToken(), client.videos.get("vid_clear")].map(rejection));
  }, mock.access);
  for (const error of errors) expect(error).toMatchObject({ code: "TIMEOUT", retryable: true, fatal: false });
});

test("signals abort with ABORTED, and what was destroyed says DESTROYED", async ({ page, mock }) => {
  await mock.fault({ route: "mint", kind: "latency", value: 60_000 });
  const seen = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const client = await createClient(access);
    const session = await client.openSession("vid_clear");
    const other = await client.openSession("vid_clear");
    const controller = new AbortController();
    const aborted = rejection(session.getToken({ signal: controller.signal }));
    controller.abort();
    const orphan = rejection(session.getToken());
    session.destroy();
    session.destroy();
    const widow = rejection(other.getToken());
    const first = [await aborted, await rejection(session.getToken({ signal: AbortSignal.abort() }))];
    const second = [await orphan, await rejection(session.resolve("https://x.example/")), session.state];
    client.destroy();
    client.destroy();
    const third = [
      await widow,
      await rejection(client.videos.list()),
      await rejection(client.openSession("vid_clear")),
    ];
    return { first, second, third, state: other.state };
  }, mock.access);
  expect(seen.first).toMatchObject([{ code: "ABORTED", retryable: false, fatal: false }, { code: "DESTROYED" }]);
  expect(seen.second).toMatchObject([{ code: "DESTROYED" }, { code: "DESTROYED" }, "destroyed"]);
  expect(seen.third).toMatchObject([{ code: "DESTROYED" }, { code: "DESTROYED" }, { code: "DESTROYED", fatal: true }]);
  expect(seen.state).toBe("destroyed");
});
