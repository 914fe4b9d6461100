import { format, inspect } from "node:util";

import type { TokenEndpointEvent } from "@ansdev/player/server";

import { askForToken } from "../../support/ask.ts";
import { createTokenEndpoint, nodeHandler } from "../../support/built.ts";
import { expect, lastSegment, test } from "../../support/endpoint.ts";

const KEY = "ak_live_7c1b1865ed225cf47377e7d21fdec972";
const VIDEO = "vid_rotating_keys";
/** What follows the key's public prefix. */
const SECRET = KEY.slice(12);

/** Everything that shows objects. */
function shown(value: unknown): string {
  const all = { depth: Infinity, showHidden: true, getters: true, showProxy: true } as const;
  return [
    inspect(value, all),
    format("%o %O %j %s", value, value, value, value),
    JSON.stringify(value),
    String(value),
    String((value as { handle?: unknown }).handle),
    Reflect.ownKeys(value as object)
      .map(String)
      .join(),
  ].join("\n");
}

test("of the endpoint nothing shows the server's key", () => {
  const endpoint = createTokenEndpoint({ apiKey: KEY, authorize: () => true });
  expect(shown(endpoint)).toContain("handle");
  expect(shown(endpoint)).not.toContain(SECRET);
  expect(shown(nodeHandler(endpoint, lastSegment))).not.toContain(SECRET);
  expect(Object.isFrozen(endpoint)).toBe(true);
  // The control: what an object that kept it would show.
  expect(shown({ handle: null, settings: { apiKey: KEY } })).toContain(SECRET);
});

test("no error about the server's key repeats it", () => {
  for (const apiKey of [`${KEY} `, `${KEY}0`, KEY.replace("18", "zz"), KEY.replace("ak_", "key_")]) {
    let thrown: unknown;
    try {
      createTokenEndpoint({ apiKey, authorize: () => true });
    } catch (error) {
      thrown = error;
    }
    expect(shown(thrown)).toContain("The API key");
    expect(shown(thrown)).not.toContain("ed225cf47377");
  }
});

const UPSTREAMS: Record<string, (key: string) => Promise<Response>> = {
  "an instrumented fetch whose errors hold the request's headers": (key) =>
    Promise.reject(Object.assign(new Error(`POST failed: x-ansdev-key ${key}`), { headers: { "x-ansdev-key": key } })),
  "an upstream that answers with the key as its error's code": (key) =>
    Promise.resolve(Response.json({ error: { code: key, message: key } }, { status: 404 })),
  "an upstream that answers with the key in every place": (key) =>
    Promise.resolve(
      Response.json({ data: { key }, error: { code: { key } } }, { status: 401, headers: { "retry-after": key } }),
    ),
  "an upstream that answers with the key in the token's place": (key) =>
    Promise.resolve(Response.json({ data: { token: key, expiresIn: 300, playerUrl: "https://player.example" } })),
  "an upstream that answers with the key in the player's address": (key) =>
    Promise.resolve(
      Response.json({ data: { token: "t", expiresIn: 300, playerUrl: `https://player.example/${key}` } }),
    ),
  "an upstream that answers with the key as text": (key) => Promise.resolve(new Response(key, { status: 500 })),
};
for (const [name, upstream] of Object.entries(UPSTREAMS)) {
  test(`no event, line or answer holds the server's key: ${name}`, async ({ serve }) => {
    const { fetch } = globalThis;
    const { error } = console;
    const lines: unknown[] = [];
    const events: TokenEndpointEvent[] = [];
    let sent = "";
    globalThis.fetch = (_url, init) => {
      sent = new Headers(init?.headers).get("x-ansdev-key") ?? "";
      return upstream(sent);
    };
    console.error = (...line: unknown[]) => void lines.push(...line);
    try {
      for (const onEvent of [(event: TokenEndpointEvent) => void events.push(event), undefined]) {
        const endpoint = createTokenEndpoint({ apiKey: KEY, authorize: () => true, onEvent });
        const url = await serve(nodeHandler(endpoint, lastSegment));
        const answer = await askForToken(url, VIDEO);
        expect(answer.status).toBeGreaterThanOrEqual(500);
        expect(shown(answer)).not.toContain(SECRET);
      }
    } finally {
      globalThis.fetch = fetch;
      console.error = error;
    }
    expect(sent, "the control: the upstream had it").toBe(KEY);
    expect(events).toMatchObject([{ keyPrefix: "ak_live_7c1b", videoId: VIDEO }]);
    expect(shown(events) + shown(lines)).not.toContain(SECRET);
  });
}

test("events hold neither the token that was minted nor the server's key", async ({ endpoint, mock, events }) => {
  const url = await endpoint(() => true);
  const { body } = await askForToken(url, VIDEO);
  const { token } = JSON.parse(body) as { token: string };
  expect(events).toEqual([{ code: "TOKEN_MINTED", status: 200, videoId: VIDEO, keyPrefix: mock.apiKey.slice(0, 12) }]);
  expect(shown(events)).not.toContain(token);
  expect(shown(events)).not.toContain(mock.apiKey);
});

test("the server's key follows no redirect", async ({ serve, events }) => {
  const reached: string[] = [];
  const thief = await serve((request, response) => {
    reached.push(JSON.stringify(request.headers));
    response.end();
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const gate = await serve((request, response) => {
      expect(request.headers["x-ansdev-key"], "the control: the gate had it").toBe(KEY);
      response.writeHead(status, { location: thief }).end();
    });
    const onEvent = (event: TokenEndpointEvent): void => void events.push(event);
    const endpoint = createTokenEndpoint({ apiKey: KEY, baseUrl: gate, authorize: () => true, onEvent });
    const answer = await askForToken(await serve(nodeHandler(endpoint, lastSegment)), VIDEO);
    expect([answer.status, answer.headers.location]).toEqual([500, undefined]);
  }
  expect(reached).toEqual([]);
  expect(events.map(({ code }) => code)).toEqual(Array(5).fill("BAD_RESPONSE"));
});
