import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { Mock } from "../../browser/support/mock.ts";
import { expect, test } from "../../browser/support/test.ts";
import { type Breakage, BreakingProxy, changeData, refuse } from "../support/breaking-proxy.ts";

const XTASK = process.env["XTASK"] ?? fileURLToPath(new URL("../../../target/debug/xtask", import.meta.url));

type Word = "holds" | "differs" | "could not be seen";

interface Probed {
  code: number;
  stdout: string;
  /** Everything that was printed. */
  output: string;
  /** What it said of each assumption. */
  words: Map<string, Word>;
}

/** Runs `cargo xtask probe` with these keys and no other. */
function probe(baseUrl: string, keys: Record<string, string>): Promise<Probed> {
  const env = { PATH: process.env["PATH"], ...keys };
  return new Promise((resolve) => {
    execFile(XTASK, ["probe", "--base-url", baseUrl], { env }, (error, stdout, stderr) => {
      const lines = stdout.matchAll(/^(holds|differs|could not be seen) +([\w-]+)/gm);
      const words = new Map([...lines].map(([, word, name = ""]) => [name, word as Word]));
      resolve({ code: Number(error?.code ?? 0), stdout, output: stdout + stderr, words });
    });
  });
}

/** Keys with which everything can be seen. */
async function keysOf(mock: Mock): Promise<Record<string, string>> {
  const expiresAt = new Date((await mock.now()) + 1000).toISOString();
  const expired = await mock.createKey({ scopes: ["vault:read"], expiresAt });
  await mock.advance(2);
  return {
    ANSDEV_API_KEY: mock.apiKey,
    ANSDEV_EXPIRED_KEY: expired,
    ANSDEV_UNSCOPED_KEY: await mock.createKey({ scopes: ["vault:read"] }),
    ANSDEV_SPENT_KEY: await mock.createKey({ quota: 0 }),
  };
}

/** Neither a key nor any part of a token was printed. */
function expectNoSecret(output: string, keys: Record<string, string>, proxy: BreakingProxy): void {
  const tokens = proxy.seen.flatMap(({ body }) => /"token":"([^"]+)"/.exec(body)?.[1] ?? []);
  const secrets = [...Object.values(keys), ...tokens.flatMap((token) => token.split("."))];
  for (const secret of secrets) expect(output).not.toContain(secret);
}

const isMint = (url: URL): boolean => url.pathname.endsWith("/playback-token");
const isList = (url: URL): boolean => url.pathname === "/v1/video";
const isManifest = (url: URL): boolean => /^\/v1\/video\/playback\/manifest\/[^/]+$/.test(url.pathname);
const isKey = (url: URL): boolean => url.pathname.startsWith("/v1/video/playback/key/");

/** For each assumption a backend that is as it is expected to be, but for this. */
const BREAKAGES: Record<string, () => Breakage> = {
  "list-page": () => ({
    answered: (exchange) => {
      if (!isList(exchange.url)) return;
      changeData(exchange, (data) => {
        data["items"] = data["videos"];
        delete data["videos"];
      });
    },
  }),
  "list-limit": () => ({
    asked: (url) => {
      if (url.searchParams.get("limit") === "101") url.searchParams.set("limit", "100");
    },
  }),
  "list-default": () => ({
    answered: (exchange) => {
      if (!isList(exchange.url) || exchange.url.search !== "") return;
      changeData(exchange, (data) => {
        const videos = data["videos"] as unknown[];
        data["videos"] = [...videos, ...videos];
      });
    },
  }),
  "list-cursor": () => ({
    answered: (exchange) => {
      if (!isList(exchange.url)) return;
      changeData(exchange, (data) => {
        data["nextCursor"] = null;
      });
    },
  }),
  "video-fields": () => ({
    answered: (exchange) => {
      exchange.body = exchange.body.replaceAll('"durationSeconds":', '"duration":');
    },
  }),
  "order-key": () => ({
    answered: (exchange) => {
      if (isMint(exchange.url) && exchange.method === "POST" && exchange.key === "")
        refuse(exchange, 404, "VIDEO_NOT_FOUND");
    },
  }),
  "order-expiry": () => ({
    answered: (exchange) => {
      if (exchange.body.includes("API_KEY_EXPIRED")) refuse(exchange, 403, "INSUFFICIENT_SCOPE");
    },
  }),
  "order-scope": () => ({
    answered: (exchange) => {
      if (exchange.body.includes("INSUFFICIENT_SCOPE")) refuse(exchange, 404, "VIDEO_NOT_FOUND");
    },
  }),
  "order-quota": () => ({
    answered: (exchange) => {
      if (exchange.body.includes("VIDEO_NOT_READY")) refuse(exchange, 429, "RATE_LIMIT_EXCEEDED");
    },
  }),
  "cors-preflight": () => ({
    answered: ({ headers }) => {
      headers.delete("access-control-allow-headers");
    },
  }),
  "cors-exposed": () => ({
    answered: ({ headers }) => {
      if (headers.has("access-control-expose-headers")) headers.set("access-control-expose-headers", "Date");
    },
  }),
  "cors-playback": () => ({
    answered: ({ url, headers }) => {
      if (isKey(url)) headers.delete("access-control-allow-origin");
    },
  }),
  "token-claims": () => {
    const tokens = new Map<string, string>();
    return {
      asked: (url) => {
        for (const [opaque, token] of tokens) url.pathname = url.pathname.replace(opaque, token);
      },
      answered: (exchange) => {
        const token = isMint(exchange.url) ? /"token":"([^"]+)"/.exec(exchange.body)?.[1] : undefined;
        if (token !== undefined) {
          const opaque = `a-token-that-says-nothing-of-itself-${String(tokens.size)}`;
          tokens.set(opaque, token);
          exchange.body = exchange.body.replaceAll(token, opaque);
        }
        for (const [opaque, token] of tokens) exchange.body = exchange.body.replaceAll(token, opaque);
      },
    };
  },
  "player-page": () => ({
    answered: ({ url, headers }) => {
      if (url.pathname.startsWith("/player/")) headers.set("x-frame-options", "DENY");
    },
  }),
  "playlist-path": () => ({
    answered: (exchange) => {
      if (isManifest(exchange.url)) refuse(exchange, 404, "NOT_FOUND");
    },
  }),
  "playlist-layout": () => ({
    asked: (url) => {
      url.pathname = url.pathname.replace("/moved/", "/v1/video/playback/manifest/");
    },
    answered: (exchange) => {
      if (!isManifest(exchange.url)) return;
      exchange.status = 302;
      exchange.headers.set("location", exchange.url.pathname.replace("/v1/video/playback/manifest/", "/moved/"));
      exchange.body = "";
    },
  }),
  "segment-addresses": () => ({
    answered: (exchange) => {
      exchange.body = exchange.body.replaceAll(/^http.*\/(\d+)\.ts$/gm, "chunk_$1.ts");
    },
  }),
  "rendition-path": () => ({
    asked: (url) => {
      url.pathname = url.pathname.replace("/renditions/", "/v1/video/playback/manifest/");
    },
    answered: (exchange) => {
      exchange.body = exchange.body.replaceAll(/^(.*\/\w+\.m3u8)$/gm, "/renditions/$1");
    },
  }),
  "key-query": () => ({
    answered: (exchange) => {
      if (isKey(exchange.url) && exchange.url.search !== "") refuse(exchange, 400, "INVALID_REQUEST");
    },
  }),
  "token-reuse": () => {
    const used = new Set<string>();
    return {
      answered: (exchange) => {
        if (!isManifest(exchange.url)) return;
        if (used.has(exchange.url.pathname)) refuse(exchange, 401, "PLAYBACK_TOKEN_INVALID");
        used.add(exchange.url.pathname);
      },
    };
  },
};

// Each has a mock and a proxy of its own.
test.describe.configure({ mode: "parallel" });

test("everything that is assumed holds for the mock, for three tokens at most", async ({ mock }) => {
  const keys = await keysOf(mock);
  const { code, stdout, output, words } = await probe(mock.url, keys);
  expect([...words].filter(([, word]) => word !== "holds")).toEqual([]);
  expect([...words.keys()].toSorted()).toEqual(Object.keys(BREAKAGES).toSorted());
  expect(stdout).toContain(`${String(words.size)} hold, 0 differ, 0 could not be seen; 3 tokens spent`);
  expect(code).toBe(0);
  for (const key of Object.values(keys)) expect(output).not.toContain(key);
  expect((await mock.mints()).filter(({ status }) => status === 200)).toHaveLength(3);
});

for (const [name, breakage] of Object.entries(BREAKAGES)) {
  test(`where ${name} is otherwise, that line differs and no other does`, async ({ mock }) => {
    const keys = await keysOf(mock);
    const proxy = await BreakingProxy.start(mock.url, breakage());
    const { code, output, words } = await probe(proxy.url, keys);
    proxy.stop();
    expect(
      [...words].filter(([, word]) => word === "differs"),
      output,
    ).toEqual([[name, "differs"]]);
    expect(words.size).toBe(Object.keys(BREAKAGES).length);
    expect(code).toBe(1);
    expectNoSecret(output, keys, proxy);
    expect((await mock.mints()).filter(({ status }) => status === 200).length).toBeLessThanOrEqual(3);
  });
}

test("a backend that repeats secrets and sends orders to the terminal gets neither printed", async ({ mock }) => {
  const keys = await keysOf(mock);
  let token = "";
  const proxy = await BreakingProxy.start(mock.url, {
    answered: (exchange) => {
      token = /"token":"([^"]+)"/.exec(exchange.body)?.[1] ?? token;
      if (isManifest(exchange.url)) refuse(exchange, 404, `\u001b[2J ${exchange.key} ${mock.apiKey} ${token}`);
    },
  });
  const { output } = await probe(proxy.url, keys);
  proxy.stop();
  expect(output).toContain("it answers 404");
  expect(output).not.toContain("\u001b");
  expectNoSecret(output, keys, proxy);
});

test("nothing is asked without a key, in clear over a network, or of nobody", async ({ mock }) => {
  const without = await probe(mock.url, {});
  expect([without.code, without.output]).toEqual([1, expect.stringContaining("ANSDEV_API_KEY is not set")]);
  const malformed = await probe(mock.url, { ANSDEV_API_KEY: `${mock.apiKey}0` });
  expect([malformed.code, malformed.output]).toEqual([1, expect.stringContaining("has 41 characters")]);
  expect(malformed.output).not.toContain(mock.apiKey);
  const clear = await probe("http://api.example", { ANSDEV_API_KEY: mock.apiKey });
  expect([clear.code, clear.output]).toEqual([1, expect.stringContaining("expected an https address")]);
  expect(await mock.journal()).toEqual([]);

  await mock.stop();
  const gone = await probe(mock.url, { ANSDEV_API_KEY: mock.apiKey });
  expect([gone.code, gone.output]).toEqual([1, expect.stringContaining("no answer: connect ECONNREFUSED")]);
  expect(new Set(gone.words.values())).toEqual(new Set(["could not be seen"]));
});
