import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";

import type { MockBackend, MockBackendOptions } from "@ansdev/mock-backend";

import { expect, test as base } from "../../browser/support/test.ts";

type Package = typeof import("@ansdev/mock-backend");
/** The built package; a variable, so that no checker of types looks for it. */
const BUILT = new URL("../../../mock-backend/npm/dist/index.js", import.meta.url).href;
const { startMockBackend, MockBackendError } = (await import(BUILT)) as Package;

const test = base.extend<{ options: MockBackendOptions; ansdev: MockBackend }>({
  options: [{}, { option: true }],
  ansdev: async ({ options }, use) => {
    const mock = await startMockBackend(options);
    await use(mock);
    await mock.stop();
  },
});

/** Sends a request over a socket, and gives back all that came, and whether the end was a proper one. */
function raw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on("data", (chunk) => (heard += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve(heard);
    });
  });
}

const asked = (path: string, key: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-ansdev-key: ${key}\r\nconnection: close\r\n\r\n`;

test.describe("in a test", () => {
  test.use({ options: { ttl: 6, quota: 2 } });

  test("the clock moves, keys come and go, and the journal tells", async ({ ansdev }) => {
    const mint = (key: string): Promise<Response> =>
      ansdev.fetch(`${ansdev.url}/v1/video/vid_clear/playback-token`, {
        method: "POST",
        headers: { "x-ansdev-key": key },
      });
    const first = await mint(ansdev.apiKey);
    expect([first.status, first.headers.get("x-ratelimit-remaining")]).toEqual([200, "1"]);
    const { data } = (await first.json()) as { data: { token: string } };
    const playlist = `${ansdev.url}/v1/video/playback/manifest/${data.token}`;
    expect((await fetch(playlist)).status).toBe(200);
    const before = ansdev.now.getTime();
    ansdev.advance(8);
    expect(ansdev.now.getTime() - before).toBeGreaterThanOrEqual(8000);
    expect((await fetch(playlist)).status).toBe(401);

    const { apiKey, prefix } = ansdev.createKey({ quota: 0, name: "Spent" });
    expect(prefix).toBe(apiKey.slice(0, 12));
    expect((await mint(apiKey)).status).toBe(429);
    expect([ansdev.revokeKey(prefix), ansdev.revokeKey(prefix)]).toEqual([true, false]);
    expect((await mint(apiKey)).status).toBe(401);

    const journal = ansdev.journal();
    expect(journal.map(({ route, status }) => [route, status])).toEqual([
      ["mint", 200],
      ["manifest", 200],
      ["manifest", 401],
      ["mint", 429],
      ["mint", 401],
    ]);
    expect(JSON.stringify(journal)).not.toContain(data.token);
    expect(JSON.stringify(journal)).not.toContain(apiKey);
    ansdev.reset();
    expect(ansdev.journal()).toEqual([]);
    expect((await mint(ansdev.apiKey)).headers.get("x-ratelimit-remaining")).toBe("1");
  });

  test("broken and cut answers are errors of the socket", async ({ ansdev }) => {
    ansdev.setFault({ route: "list", kind: "drop", times: 1 });
    ansdev.setFault({ route: "list", kind: "truncate", times: 1 });
    expect(await raw(ansdev.url, asked("/v1/video", ansdev.apiKey))).toBe("");
    const cut = await raw(ansdev.url, asked("/v1/video", ansdev.apiKey));
    const [head = "", body = ""] = cut.split("\r\n\r\n");
    const announced = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(body.length).toBe(Math.floor(announced / 2));

    // Without a socket they are errors of fetch.
    const list = (): Promise<Response> => ansdev.fetch(`${ansdev.url}/v1/video`);
    ansdev.setFault({ route: "list", kind: "drop", times: 1 });
    ansdev.setFault({ route: "list", kind: "truncate", times: 1 });
    await expect(list()).rejects.toThrow("closed without an answer");
    const response = await list();
    expect(response.status).toBe(401);
    await expect(response.text()).rejects.toThrow("closed in the middle");
    ansdev.setFault({ route: "list", kind: "status", value: 503 });
    ansdev.clearFaults();
    expect((await list()).status).toBe(401);
  });

  test("a connection takes any number of requests, and nothing heaps up on it", async ({ ansdev }) => {
    const warnings: Error[] = [];
    const hear = (warning: Error): void => void warnings.push(warning);
    process.on("warning", hear);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    for (let number = 0; number < 20; number++) {
      const request = get(`${ansdev.url}/v1/video`, { agent });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      sockets.add(response.socket);
      await once(response.resume(), "end");
    }
    // Node tells of a warning in its own time.
    await setImmediate();
    process.off("warning", hear);
    agent.destroy();
    expect(sockets.size).toBe(1);
    expect(warnings).toEqual([]);
  });

  test("a request that is aborted is let go", async ({ ansdev }) => {
    ansdev.setFault({ route: "list", kind: "latency", value: 600_000 });
    const abort = new AbortController();
    const slow = ansdev.fetch(`${ansdev.url}/v1/video`, { signal: abort.signal });
    abort.abort();
    await expect(slow).rejects.toThrow("abort");
  });

  test("what stops gives requests under way their answers, and is gone", async ({ ansdev }) => {
    ansdev.setFault({ route: "list", kind: "latency", value: 1000, times: 1 });
    const slow = fetch(`${ansdev.url}/v1/video`);
    // It is under way once it has met its fault.
    await expect
      .poll(() =>
        Promise.race([
          slow.then(() => true),
          ansdev.fetch(`${ansdev.url}/v1/video`).then(({ status }) => status === 401),
        ]),
      )
      .toBe(true);
    await ansdev.stop();
    expect((await slow).status).toBe(401);
    await expect(fetch(`${ansdev.url}/v1/video`)).rejects.toThrow("fetch failed");
    expect(() => ansdev.journal()).toThrow("was stopped");
  });
});

test("bad options and faults are refused in a sentence", async ({ ansdev }) => {
  const wrong: [object, string][] = [
    [{ ttl: 0 }, "ttl is 0; expected a whole number from 1 to 86400"],
    [{ ttl: "6" }, "ttl is 6; expected a whole number"],
    [{ quota: -1 }, "quota is -1"],
    [{ seed: "other" }, 'seed is "other"; expected "demo" or "empty"'],
    [{ port: 65_536 }, "port is 65536"],
    [{ contrl: true }, "no option contrl"],
    [{ control: "yes" }, "control is expected to be true or false"],
    [{ port: Number(new URL(ansdev.url).port) }, "cannot listen on 127.0.0.1:"],
    [{ host: "203.0.113.1" }, "cannot listen on 203.0.113.1:0"],
  ];
  for (const [options, sentence] of wrong) {
    const refused = await startMockBackend(options).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(refused, JSON.stringify(options)).toBeInstanceOf(MockBackendError);
    expect(refused?.message).toContain(sentence);
  }
  const faults: [unknown, string][] = [
    [{ route: "mint", kind: "status" }, "expected to be an HTTP status, 400 to 599"],
    [{ route: "nowhere", kind: "drop" }, "unknown variant `nowhere`"],
    [{ route: "mint", kind: "drop", often: 2 }, "unknown field `often`"],
    [{ route: "mint", kind: "drop", probability: 2 }, "a number from 0 to 1"],
  ];
  for (const [fault, sentence] of faults) {
    expect(() => {
      ansdev.setFault(fault as never);
    }).toThrow(sentence);
  }
  expect(() => ansdev.createKey({ quota: -1 })).toThrow("invalid value");
  expect(() => {
    ansdev.advance(NaN);
  }).toThrow("number of seconds");
});
