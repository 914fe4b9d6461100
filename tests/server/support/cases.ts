import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Mock } from "../../browser/support/mock.ts";
import { expect, test } from "../../browser/support/test.ts";
import { ask, askForToken } from "./ask.ts";
import type { Access, Program } from "./program.ts";

const VIDEO = "vid_rotating_keys";
const JSON_TYPE = /^application\/json/;

type Start = (access?: Partial<Access>) => Promise<Program>;

interface Case {
  name: string;
  run: (mock: Mock, start: Start) => Promise<void>;
}

/** What every token endpoint answers, whatever it is written in. */
const CASES: Case[] = [
  {
    name: "a viewer gets a token with its life and its player, which no cache keeps",
    run: async (mock, start) => {
      const { url } = await start();
      const { status, headers, body } = await askForToken(url, VIDEO);
      expect(status).toBe(200);
      expect(headers["content-type"]).toMatch(JSON_TYPE);
      expect(headers["cache-control"]).toBe("private, no-store");
      const answer = JSON.parse(body) as { token: string; expiresIn: number; playerUrl: string };
      expect(Object.keys(answer).sort()).toEqual(["expiresIn", "playerUrl", "token"]);
      expect(answer.expiresIn).toBeGreaterThan(3);
      expect(answer.expiresIn).toBeLessThanOrEqual(6);
      expect(answer.playerUrl).toBe(`${mock.url}/player/${answer.token}`);
      const playlist = await fetch(`${mock.url}/v1/video/playback/manifest/${answer.token}`);
      expect(playlist.status).toBe(200);
      expect(await mock.mints()).toHaveLength(1);
    },
  },
  {
    name: "a body that is empty, or no JSON, is no reason to refuse",
    run: async (_mock, start) => {
      const { url } = await start();
      for (const body of ["", "{", "[]", "null", '{"reason":7}']) {
        expect((await askForToken(url, VIDEO, { body })).status, body).toBe(200);
      }
      expect((await ask(url, `/tokens/${VIDEO}`)).status).toBe(200);
    },
  },
  {
    name: "a life is counted from before the mint was sent",
    run: async (mock, start) => {
      const { url } = await start();
      await mock.fault({ route: "mint", kind: "latency", value: 1500 });
      const { body } = await askForToken(url, VIDEO);
      const { expiresIn } = JSON.parse(body) as { expiresIn: number };
      expect(expiresIn).toBeGreaterThan(0);
      expect(expiresIn).toBeLessThanOrEqual(4.5);
    },
  },
  {
    name: "other methods than POST are refused, and cost nothing",
    run: async (mock, start) => {
      const { url } = await start();
      for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        const { status, headers } = await askForToken(url, VIDEO, { method });
        expect([method, status, headers.allow, headers["cache-control"]]).toEqual([
          method,
          405,
          "POST",
          "private, no-store",
        ]);
      }
      expect(await mock.journal()).toEqual([]);
    },
  },
  {
    name: "pages of other sites are refused, and cost nothing",
    run: async (mock, start) => {
      const { url } = await start();
      const own = url;
      const { host, port } = new URL(url);
      const evil = "https://evil.example";
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "cross-site", origin: own },
        { "sec-fetch-site": "" },
        { "sec-fetch-site": "something-new" },
        { origin: evil },
        { origin: "http://127.0.0.1:1" },
        { origin: "http://127.0.0.1" },
        { origin: `http://localhost:${port}` },
        { origin: `http://evil.example:${port}` },
        { origin: `http://${host}.evil.example` },
        { origin: "null" },
        { origin: "nonsense" },
        { origin: evil, "x-forwarded-host": "evil.example" },
        { origin: evil, forwarded: "host=evil.example" },
      ] as Record<string, string>[]) {
        const { status, body } = await askForToken(url, VIDEO, { headers });
        expect([headers, status, body]).toEqual([headers, 403, '{"code":"CROSS_SITE"}']);
      }
      expect(await mock.journal()).toEqual([]);
    },
  },
  {
    name: "pages of this site get their token, also where TLS ends before the server",
    run: async (_mock, start) => {
      const { url } = await start();
      const { host } = new URL(url);
      for (const headers of [
        { "sec-fetch-site": "same-origin", origin: "https://public.example" },
        { "sec-fetch-site": "same-site", origin: "https://www.public.example" },
        { "sec-fetch-site": "none" },
        { origin: url },
        { origin: `https://${host}` },
        { host: "public.example", origin: "https://public.example" },
        { host: "public.example:443", origin: "https://public.example" },
        {},
      ] as Record<string, string>[]) {
        expect([headers, (await askForToken(url, VIDEO, { headers })).status]).toEqual([headers, 200]);
      }
    },
  },
  {
    name: "what is no video is not found, and no address leaves its place",
    run: async (mock, start) => {
      const { url } = await start();
      for (const id of ["vid_nowhere", "a%2Fb", "%3Fx=1", "%23", "a%20b", "%C3%A9".repeat(64), ".hidden"]) {
        const { status, body } = await askForToken(url, id);
        expect([id, status, body]).toEqual([id, 404, '{"code":"VIDEO_NOT_FOUND"}']);
      }
      expect(await mock.journal()).toHaveLength(7);

      for (const id of ["x".repeat(65), "%C3%A9".repeat(65)]) {
        const { status } = await askForToken(url, id);
        expect([id, status]).toEqual([id, 404]);
      }
      expect(await mock.journal(), "Ansdev is not asked about what is no id").toHaveLength(7);

      // Some servers tidy such paths themselves, and answer in their own way.
      for (const id of ["", "..", "../tokens", "%2e%2e", "%2E", "%2e.", "%E0%A4%A"]) {
        const { status } = await askForToken(url, id);
        expect([id, status >= 300]).toEqual([id, true]);
      }
      // And some take what is no UTF-8 for a text all the same: then it is the id of no video.
      for (const { route, method, status } of await mock.journal()) {
        expect([method, route, status]).toEqual(["POST", "mint", 404]);
      }
    },
  },
  {
    name: "a video that is not ready says so",
    run: async (_mock, start) => {
      const { url } = await start();
      const { status, body } = await askForToken(url, "vid_in_the_making");
      expect([status, body]).toEqual([400, '{"code":"VIDEO_NOT_READY"}']);
    },
  },
  {
    name: "when the day's tokens are spent, each viewer is told another time to come back",
    run: async (mock, start) => {
      const { url } = await start({ apiKey: await mock.createKey({ quota: 1 }) });
      expect((await askForToken(url, VIDEO)).status).toBe(200);
      const waits = await waitsOf(url, 8);
      const day = 86_400_000;
      const reset = (day - ((await mock.now()) % day)) / 1000;
      for (const wait of waits) {
        expect(wait).toBeGreaterThanOrEqual(reset - 5);
        expect(wait).toBeLessThanOrEqual(reset + 60);
      }
      expect(new Set(waits).size).toBeGreaterThan(1);
    },
  },
  ...(
    [
      { kind: "status", value: 500 },
      { kind: "status", value: 503 },
      { kind: "status", value: 408 },
      { kind: "drop" },
      { kind: "truncate" },
      { kind: "garbage" },
    ] as const
  ).map((fault) => ({
    name: `Ansdev in trouble (${Object.values(fault).join(" ")}): come back soon, each at another time`,
    run: async (mock: Mock, start: Start) => {
      const { url } = await start();
      await mock.fault({ route: "mint", ...fault });
      const waits = new Set<number>();
      for (let count = 0; count < 9; count++) {
        const { status, headers, body } = await askForToken(url, VIDEO);
        expect([status, body]).toEqual([503, '{"code":"UNAVAILABLE"}']);
        waits.add(Number(headers["retry-after"]));
      }
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
      expect(Math.max(...waits)).toBeLessThanOrEqual(10);
      expect(waits.size).toBeGreaterThan(1);
      await mock.clearFaults();
      expect((await askForToken(url, VIDEO)).status).toBe(200);
    },
  })),
  {
    name: "an Ansdev that hangs is 503 within 7 s",
    run: async (mock, start) => {
      const { url } = await start();
      await mock.fault({ route: "mint", kind: "latency", value: 30_000 });
      const began = performance.now();
      const { status, headers } = await askForToken(url, VIDEO);
      expect(performance.now() - began).toBeLessThan(7000);
      expect(status).toBe(503);
      expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
    },
  },
  ...(
    [
      ["INVALID_API_KEY", "revoked", {}, async (mock: Mock, key: string) => mock.revoke(key)],
      ["API_KEY_EXPIRED", "expired", { expiresAt: "soon" }, async (mock: Mock) => mock.advance(7200)],
      ["INSUFFICIENT_SCOPE", "scope video:read", { scopes: ["vault:read"] }, () => Promise.resolve()],
    ] as const
  ).map(([code, word, wanted, spoil]) => ({
    name: `of a key that is refused with ${code} the viewer learns nothing, and the owner what to do`,
    run: async (mock: Mock, start: Start) => {
      const ends = { expiresAt: new Date((await mock.now()) + 3_600_000).toISOString() };
      const apiKey = await mock.createKey(
        "expiresAt" in wanted ? ends : "scopes" in wanted ? { scopes: [...wanted.scopes] } : {},
      );
      const server = await start({ apiKey });
      await spoil(mock, apiKey);
      for (let count = 0; count < 3; count++) {
        const { status, headers, body } = await askForToken(server.url, VIDEO);
        expect([status, body]).toEqual([500, '{"code":"INTERNAL_ERROR"}']);
        expect(JSON.stringify(headers)).not.toContain(apiKey.slice(0, 12));
      }
      await expect.poll(() => server.output).toContain(apiKey.slice(0, 12));
      const lines = server.output.split("\n").filter((line) => line.includes(apiKey.slice(0, 12)));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(word);
    },
  })),
  {
    name: "a redirect does not take the key along",
    run: async (_mock, start) => {
      const thief = await listen(200);
      const gate = await listen(307, { location: `${thief.url}/steal` });
      try {
        const { url } = await start({ baseUrl: gate.url });
        const { status, body } = await askForToken(url, VIDEO);
        expect([status, body]).toEqual([500, '{"code":"INTERNAL_ERROR"}']);
        expect(gate.reached).toHaveLength(1);
        expect(thief.reached).toEqual([]);
      } finally {
        thief.server.close();
        gate.server.close();
      }
    },
  },
  {
    name: "another server in Ansdev's place is the owner's trouble, and not a video that is missing",
    run: async (_mock, start) => {
      const other = await listen(404, { "content-type": "text/html" });
      try {
        const { url } = await start({ baseUrl: other.url });
        const { status, body } = await askForToken(url, VIDEO);
        expect([status, body]).toEqual([500, '{"code":"INTERNAL_ERROR"}']);
      } finally {
        other.server.close();
      }
    },
  },
];

/** A server that answers everything alike, and writes down what reaches it. */
async function listen(
  status: number,
  headers: Record<string, string> = {},
): Promise<{ server: Server; url: string; reached: string[] }> {
  const reached: string[] = [];
  const server = createServer((request, response) => {
    reached.push(String(request.url));
    response.writeHead(status, headers).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, reached, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

async function waitsOf(url: string, count: number): Promise<number[]> {
  const waits: number[] = [];
  for (let asked = 0; asked < count; asked++) {
    const { status, headers, body } = await askForToken(url, VIDEO);
    expect([status, body]).toEqual([429, '{"code":"RATE_LIMIT_EXCEEDED"}']);
    waits.push(Number(headers["retry-after"]));
  }
  return waits;
}

/** Runs the table against a server that `launch` starts; it is ended after each case, and never says key or token. */
export function holdsTheTable(
  name: string,
  launch: (access: Access) => Promise<Program>,
  details: { tag?: string } = {},
): void {
  test.describe(name, details, () => {
    test.use({ mockFlags: ["--ttl", "6"] });
    for (const { name, run } of CASES) {
      test(name, async ({ mock }) => {
        const started: { program: Program; apiKey: string }[] = [];
        try {
          await run(mock, async (other) => {
            const access = { apiKey: mock.apiKey, baseUrl: mock.url, ...other };
            const program = await launch(access);
            started.push({ program, apiKey: access.apiKey });
            return program;
          });
          for (const { program, apiKey } of started) {
            expect(program.output).not.toContain(apiKey);
            // The head of every token.
            expect(program.output).not.toContain("eyJ");
          }
        } finally {
          for (const { program } of started) await program.stop();
        }
      });
    }
  });
}
