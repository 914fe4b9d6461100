import { connect } from "node:net";
import { text } from "node:stream/consumers";

import express, { type RequestHandler } from "express";

import { ask, askForToken } from "../support/ask.ts";
import { createTokenEndpoint, nodeHandler } from "../support/built.ts";
import { expect, lastSegment, test } from "../support/endpoint.ts";

const VIDEO = "vid_rotating_keys";
const PARSERS: Record<string, RequestHandler[]> = {
  "no parser": [],
  "express.json()": [express.json()],
  "express.text()": [express.text({ type: "*/*" })],
  "express.raw()": [express.raw({ type: "*/*" })],
};

for (const [name, before] of Object.entries(PARSERS)) {
  test(`Express with ${name} before it: authorize reads the reason, and the request that Express has`, async ({
    serve,
    mock,
  }) => {
    const seen: unknown[] = [];
    const endpoint = createTokenEndpoint<express.Request>({
      apiKey: mock.apiKey,
      baseUrl: mock.url,
      authorize: async ({ request, context }) => {
        seen.push(await request.json(), context.ip, new URL(request.url).pathname);
        return true;
      },
    });
    const router = express.Router();
    router.post(
      "/tokens/:videoId",
      nodeHandler(endpoint, (request) => String(request.params["videoId"])),
    );
    const app = express()
      .use(...before, express.Router())
      .use("/api", router);
    const url = await serve(app);
    const headers = { "content-type": "application/json" };
    const { status } = await ask(url, `/api/tokens/${VIDEO}`, { headers, body: '{"reason":"refresh"}' });
    expect(status).toBe(200);
    expect(seen).toEqual([{ reason: "refresh" }, "127.0.0.1", `/api/tokens/${VIDEO}`]);
  });
}

test("node:http without anything: authorize reads the reason", async ({ endpoint }) => {
  const reasons: unknown[] = [];
  const url = await endpoint(async ({ request }) => {
    reasons.push(await request.json());
    return true;
  });
  expect((await askForToken(url, VIDEO)).status).toBe(200);
  expect(reasons).toEqual([{ reason: "initial" }]);
});

test("a body that never ends is not read to its end", async ({ endpoint, events }) => {
  const url = await endpoint(async ({ request }) => {
    await request.text();
    return true;
  });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write(`POST /tokens/${VIDEO} HTTP/1.1\r\nhost: ${hostname}\r\ntransfer-encoding: chunked\r\n\r\n`);
  const more = (): void => {
    while (socket.writable && socket.write(`1000\r\n${"x".repeat(4096)}\r\n`));
  };
  socket.on("drain", more);
  more();
  await expect.poll(() => events.map(({ code }) => code)).toEqual(["AUTHORIZE_FAILED"]);
  expect(String(events[0]?.cause)).toContain("too long");
  socket.destroy();
});

test("a body that does not come is not waited for longer than the rest", async ({ endpoint }) => {
  const url = await endpoint(async ({ request }) => {
    await request.text();
    return true;
  });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const began = performance.now();
  socket.write(
    `POST /tokens/${VIDEO} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 9\r\nconnection: close\r\n\r\n{`,
  );
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 503 /);
  expect(performance.now() - began).toBeLessThan(7000);
});

test("addresses and hosts that are none are refused", async ({ endpoint, mock }) => {
  const url = await endpoint(() => true);
  const { hostname, port } = new URL(url);
  for (const host of ["a b", "[", "x:99999999", "x/tokens/free?"]) {
    const socket = connect(Number(port), hostname);
    socket.write(`POST /tokens/${VIDEO} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    expect([host, await text(socket)]).toEqual([host, expect.stringMatching(/^HTTP\/1\.1 400 /)]);
  }
  expect(await mock.journal()).toEqual([]);
  // A path that starts as another host's address does.
  expect((await ask(url, `//evil.example/${VIDEO}`, { headers: { origin: url } })).status).toBe(200);
  expect((await ask(url, `//evil.example/${VIDEO}`, { headers: { origin: "http://evil.example" } })).status).toBe(403);
});

test("TRACE, which the platform's Request refuses, is refused as a method", async ({ endpoint }) => {
  const url = await endpoint(() => true);
  expect((await ask(url, `/tokens/${VIDEO}`, { method: "TRACE" })).status).toBe(405);
});

test("what is wrong in the server's own code goes to Express, or to the console and 500", async ({ serve, mock }) => {
  const endpoint = createTokenEndpoint({ apiKey: mock.apiKey, baseUrl: mock.url, authorize: () => true });
  const handler = nodeHandler(endpoint, () => undefined as unknown as string);
  const told: unknown[] = [];
  const app = express();
  app.post("/", handler);
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express knows such a handler by its four arguments
  app.use(((error, _request, response, _next) => {
    told.push(error);
    response.status(500).end("Express's own");
  }) as express.ErrorRequestHandler);
  expect((await ask(await serve(app), "/")).body).toBe("Express's own");
  expect(told).toMatchObject([{ name: "AnsdevError", code: "INVALID_OPTIONS" }]);
  expect(String(told[0])).toContain("await `params`");

  const original = console.error;
  const lines: unknown[][] = [];
  console.error = (...line: unknown[]) => void lines.push(line);
  try {
    expect((await ask(await serve(handler), "/")).status).toBe(500);
  } finally {
    console.error = original;
  }
  expect(lines).toMatchObject([["@ansdev/player/server:", { code: "INVALID_OPTIONS" }]]);
});

test("it refuses to be made of something else", () => {
  const endpoint = { handle: () => Promise.resolve(new Response()) };
  for (const make of [
    () => nodeHandler(undefined as never, lastSegment),
    () => nodeHandler(endpoint, undefined as never),
    () => nodeHandler(endpoint, "videoId" as never),
  ]) {
    expect(make).toThrow(expect.objectContaining({ name: "AnsdevError", code: "INVALID_OPTIONS" }));
  }
});
