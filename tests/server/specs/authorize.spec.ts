import { request } from "node:http";

import { ask, askForToken } from "../support/ask.ts";
import { expect, test, yes } from "../support/endpoint.ts";

const VIDEO = "vid_rotating_keys";

test("it is asked on every request, with the viewer's request and the video", async ({ endpoint, mock }) => {
  const { asked, authorize } = yes();
  const url = await endpoint(authorize);
  for (const cookie of ["session=a", "session=b"]) {
    expect((await askForToken(url, VIDEO, { headers: { cookie } })).status).toBe(200);
  }
  expect(
    asked.map(({ request, videoId }) => [request.headers.get("cookie"), new URL(request.url).pathname, videoId]),
  ).toEqual([
    ["session=a", `/tokens/${VIDEO}`, VIDEO],
    ["session=b", `/tokens/${VIDEO}`, VIDEO],
  ]);
  expect(await mock.mints()).toHaveLength(2);
});

test("a no costs no token", async ({ endpoint, mock, events }) => {
  const url = await endpoint(() => false);
  const { status, headers, body } = await askForToken(url, VIDEO);
  expect([status, body]).toEqual([403, '{"code":"NOT_AUTHORIZED"}']);
  expect(headers["cache-control"]).toBe("private, no-store");
  expect(await mock.journal()).toEqual([]);
  expect(events.map(({ code, status }) => [code, status])).toEqual([["NOT_AUTHORIZED", 403]]);
});

test("a Response of its own is sent as it is, but for caches", async ({ endpoint, mock }) => {
  const url = await endpoint(() => {
    const headers = new Headers({
      "retry-after": "77",
      "cache-control": "public, max-age=60",
      "content-type": "text/plain",
    });
    headers.append("set-cookie", "a=1");
    headers.append("set-cookie", "b=2");
    return new Response("slowly", { status: 429, headers });
  });
  const { status, headers, body } = await askForToken(url, VIDEO);
  expect([status, body, headers["retry-after"], headers["content-type"]]).toEqual([429, "slowly", "77", "text/plain"]);
  expect(headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  expect(headers["cache-control"]).toBe("private, no-store");
  expect(await mock.journal()).toEqual([]);
});

test("a redirect of its own, whose headers cannot be changed, is sent too", async ({ endpoint }) => {
  const url = await endpoint(() => Response.redirect("https://www.example.com/login", 303));
  const { status, headers } = await askForToken(url, VIDEO);
  expect([status, headers.location, headers["cache-control"]]).toEqual([
    303,
    "https://www.example.com/login",
    "private, no-store",
  ]);
});

const FAILURES: [name: string, authorize: () => unknown][] = [
  [
    "throws",
    () => {
      throw new Error("The database is down");
    },
  ],
  ["rejects", () => Promise.reject(new Error("The database is down"))],
  ["forgets to answer", () => undefined],
  ["answers with a user's record", () => ({ id: 7 })],
  ["answers 1", () => 1],
  ["answers with a text", () => "yes"],
  ["answers with null", () => null],
  ["answers with Response.error()", () => Response.error()],
  [
    "answers with a Response that was read",
    () => {
      const read = new Response("x");
      void read.text();
      return read;
    },
  ],
];
for (const [name, authorize] of FAILURES) {
  test(`one that ${name} lets nobody in, and nobody wait`, async ({ endpoint, mock, events }) => {
    const url = await endpoint(authorize as () => boolean);
    const { status, headers, body } = await askForToken(url, VIDEO);
    expect([status, body]).toEqual([503, '{"code":"UNAVAILABLE"}']);
    expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(await mock.journal()).toEqual([]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ code: "AUTHORIZE_FAILED", status: 503, videoId: VIDEO });
    expect(events[0]?.cause).toBeInstanceOf(Error);
  });
}

test("one that hangs is 503 within 7 s, and what it says later mints nothing", async ({ endpoint, mock, events }) => {
  let answer: (verdict: boolean) => void = () => undefined;
  const url = await endpoint(() => new Promise((resolve) => (answer = resolve)));
  const began = performance.now();
  const { status } = await askForToken(url, VIDEO);
  expect(performance.now() - began).toBeLessThan(7000);
  expect(status).toBe(503);
  answer(true);
  // What could still be sent has been sent once another request has gone the same way.
  await fetch(`${mock.url}/v1/video`);
  expect(await mock.mints()).toEqual([]);
  expect(events.map(({ code }) => code)).toEqual(["TIMEOUT"]);
});

test("for a viewer who has gone meanwhile nothing is minted", async ({ endpoint, mock, events }) => {
  let answer: (verdict: boolean) => void = () => undefined;
  let gone = Promise.resolve<unknown>(undefined);
  let isAsked = (): void => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  const url = await endpoint(({ request: { signal } }) => {
    gone = new Promise((resolve) => {
      signal.addEventListener("abort", resolve);
    });
    isAsked();
    return new Promise((resolve) => (answer = resolve));
  });
  const viewer = request(`${url}/tokens/${VIDEO}`, { method: "POST" });
  viewer.on("error", () => undefined);
  viewer.end();
  await asked;
  viewer.destroy();
  await gone;
  answer(true);
  await expect.poll(() => events.map(({ code }) => code)).toEqual(["ABORTED"]);
  await fetch(`${mock.url}/v1/video`);
  expect(await mock.mints()).toEqual([]);
});

test("it is not asked about other methods, other sites and what is no id", async ({ endpoint }) => {
  const { asked, authorize } = yes();
  const url = await endpoint(authorize);
  await askForToken(url, VIDEO, { method: "GET" });
  await askForToken(url, VIDEO, { headers: { "sec-fetch-site": "cross-site" } });
  await askForToken(url, "x".repeat(65));
  expect(asked).toEqual([]);
});

test("an onEvent that throws takes no token from anybody", async ({ serve, mock }) => {
  const { createTokenEndpoint, nodeHandler } = await import("../support/built.ts");
  const endpoint = createTokenEndpoint({
    apiKey: mock.apiKey,
    baseUrl: mock.url,
    authorize: () => true,
    onEvent: () => {
      throw new Error("The log is full");
    },
  });
  const url = await serve(nodeHandler(endpoint, () => VIDEO));
  expect((await ask(url, "/")).status).toBe(200);
});
