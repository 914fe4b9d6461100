/**
 * Attackers that act: they do not look at what passes, they put something else in its place. Each is run against the
 * package, with the options that a page has by default, and against a build that lacks the defence, where it must
 * succeed.
 */
import type { Page } from "@playwright/test";

import { Ear, hostileCore } from "../../support/attack/ear.ts";
import { type Change, serveLeaky } from "../../support/attack/leaky-build.ts";
import type { Mock } from "../../support/mock.ts";
import { expect, test } from "../../support/test.ts";

interface Attack {
  /** What the attacker does, in the words of the test's name. */
  what: string;
  /** What came of a client that was made all the same. */
  outcome: Record<string, unknown>;
  /** Takes the defence out. */
  changes: Change[];
  /** What the attacker then gets. */
  spoils: RegExp;
  /** How the page makes the client, where it matters. */
  options?: Record<string, unknown>;
}

const MINTED = { isolation: "worker" };

/** The global object is looked up when it is needed. */
const AS_IT_IS_NOW: Change = {
  file: "platform/natives.ts",
  from: "getOwnPropertyDescriptor(scope, name)",
  to: "getOwnPropertyDescriptor(globalThis, name)",
};

/** Relative addresses count from where the page is by then. */
const COUNTED_FROM_NOW: Change = {
  file: "client/options.ts",
  from: "new NativeURL(value, pageAddress)",
  to: 'new NativeURL(value, (ownGlobal("location") as Location).href)',
};

const ATTACKS: Record<string, Attack> = {
  rules: {
    what: "a getter on Object.prototype changes the rules of the Trusted Types policy",
    outcome: MINTED,
    changes: [
      {
        file: "platform/natives.ts",
        from: "bare({ createScriptURL: (address: string) => address })",
        to: "{ createScriptURL: (address: string) => address }",
      },
    ],
    spoils: /the attacker's Worker was sent the key/,
  },
  promises: {
    what: "Response[Symbol.hasInstance] and a bent promise bring a WebAssembly module",
    outcome: MINTED,
    changes: [
      {
        file: "client/create-client.ts",
        from: "const script = workerScript(carried, settings);",
        to: `const script = workerScript(carried, settings) as ReturnType<typeof workerScript> & { module?: unknown };
          if ((settings.wasmUrl as never) instanceof Response) {
            const compiled = (async () => WebAssembly.compileStreaming(settings.wasmUrl as never))();
            script.module = await compiled;
          }`,
      },
      {
        file: "client/isolation.ts",
        from: "postToWorker(worker, connect, listOfOne(answers.entrance));",
        to: `const { module } = script as { module?: unknown };
          postToWorker(worker, { ...connect, module }, listOfOne(answers.entrance));`,
      },
      {
        file: "worker/main.ts",
        from: "wasmSource(data.wasmUrl))",
        to: "(data as never as { module?: never }).module ?? wasmSource(data.wasmUrl))",
      },
      {
        file: "worker/wasm.ts",
        from: 'const bytes = source.kind === "text"',
        to: 'if ((source as never) instanceof WebAssembly.Module) return source as never;\n  const bytes = source.kind === "text"',
      },
    ],
    spoils: /the key was sent in POST \/v1\/viper/,
  },
  addresses: {
    what: "promises resolve to a stranger's address",
    outcome: MINTED,
    changes: [
      {
        file: "client/create-client.ts",
        from: "const settings = readOptions(given);",
        to: `const read = readOptions(given);
          const later = (async () => read.baseUrl)();
          const settings = { ...read, baseUrl: await later };`,
      },
    ],
    spoils: /the key was sent in POST/,
  },
  typeChecks: {
    what: "URL[Symbol.hasInstance] changes the href of the address that the page passes",
    outcome: MINTED,
    changes: [
      {
        file: "client/options.ts",
        from: 'typeof value === "object" ? (urlText(value) ?? value) : value',
        to: 'typeof value === "object" && value instanceof URL ? urlText(value) : value',
      },
    ],
    spoils: /the key was sent in POST/,
  },
  ownProperties: {
    what: "the address that the page passes has properties of the attacker's",
    outcome: MINTED,
    changes: [
      {
        file: "client/options.ts",
        from: 'typeof value === "object" ? (urlText(value) ?? value) : value',
        to: 'typeof value === "object" ? (value as URL).href : value',
      },
    ],
    spoils: /the key was sent in POST/,
  },
  policy: {
    what: "a script appends a Content-Security-Policy that forbids Workers",
    outcome: { code: "UNSUPPORTED" },
    changes: [
      {
        file: "client/create-client.ts",
        from: 'settings.isolation !== "auto" || settings.apiKey !== undefined || ',
        to: "",
      },
    ],
    spoils: /the page sent the key/,
  },
  globals: {
    what: "globalThis becomes an object with another location, from which a relative address counts",
    options: { baseUrl: "/ansdev" },
    outcome: MINTED,
    changes: [AS_IT_IS_NOW, COUNTED_FROM_NOW],
    spoils: /the key was sent in POST/,
  },
  workerAddress: {
    what: "globalThis becomes an object whose location makes a script of the Worker's relative address",
    options: { workerUrl: "/sdk/worker.js" },
    outcome: MINTED,
    changes: [
      AS_IT_IS_NOW,
      COUNTED_FROM_NOW,
      { file: "client/options.ts", from: "if (!isWebAddress(href))", to: "if (href === undefined)" },
    ],
    spoils: /the key was sent in POST/,
  },
  callers: {
    what: "functions that the SDK calls read the arguments of the page's own call",
    outcome: MINTED,
    changes: [
      {
        file: "client/create-client.ts",
        from: "const given = copyOptions(options);",
        to: "const given = copyOptions(options); setTimeout(() => undefined);",
      },
    ],
    spoils: /a caller's argument: ak_/,
  },
  accessors: {
    what: "properties that the SDK asks become accessors, which read the arguments of the page's own call",
    options: { shareAcrossTabs: true },
    outcome: MINTED,
    changes: [
      {
        file: "client/create-inline-client.ts",
        from: "export function createClient(",
        to: "export async function createClient(",
      },
    ],
    spoils: /a caller's argument: ak_/,
  },
  history: {
    what: "history.pushState moves the page to where the Worker's relative address is a script of the attacker's",
    options: { workerUrl: "sdk/worker.js" },
    outcome: MINTED,
    changes: [COUNTED_FROM_NOW],
    spoils: /the attacker's Worker was sent the key/,
  },
  events: {
    what: "functions that the SDK calls look at window.event, which shows the Worker while its error is handled",
    outcome: { code: "UNSUPPORTED" },
    changes: [
      {
        file: "protocol/errors.ts",
        from: 'code === "NETWORK" ||',
        to: 'new Set<string>(["NETWORK"]).has(code) ||',
      },
    ],
    spoils: /the Worker was shown/,
  },
  workers: {
    what: "Worker becomes a class that starts a script of the attacker's",
    outcome: MINTED,
    changes: [{ file: "client/isolation.ts", from: "new NativeWorker(", to: "new Worker(" }],
    spoils: /the attacker's Worker was sent the key/,
  },
};

/** What the attacker has got, in the page and at his servers, and what came of the client. */
async function attacked(page: Page, mock: Mock, name: string, entry: string, options: Record<string, unknown> = {}) {
  const backend = await Ear.start(mock.apiKey, mock.url);
  const stranger = await Ear.start(mock.apiKey);
  try {
    const means = { stranger: `${stranger.url}/run/0/`, module: await hostileCore() };
    const access = { apiKey: mock.apiKey, baseUrl: `${backend.url}/run/0/`, ...options };
    const { loot, ...outcome } = await page.evaluate(async (args) => (await import("attack/acting.js")).act(...args), [
      name,
      entry,
      access,
      means,
    ] as const);
    return { spoils: [...loot, ...[...backend.heard, ...stranger.heard].map(({ what }) => what)], outcome };
  } finally {
    backend.stop();
    stranger.stop();
  }
}

for (const [name, { what, outcome, changes, spoils, options: own = {} }] of Object.entries(ATTACKS)) {
  test(`acts: ${what}`, async ({ page, mock, site }) => {
    for (const options of [{}, { isolation: "worker" }]) {
      await page.goto(site.page("blank.html"));
      const result = await attacked(page, mock, name, "@ansdev/player", { ...own, ...options });
      expect(result.spoils).toEqual([]);
      expect(result.outcome).toMatchObject(outcome);
      expect(result.outcome.isolation).not.toBe("page");
    }
  });

  test(`acts, and takes the key from a weaker build: ${what}`, async ({ page, mock, site }) => {
    const entry = await serveLeaky(site, changes);
    await page.goto(site.page("blank.html"));
    const result = await attacked(page, mock, name, site.url + entry, own);
    expect(result.spoils.join("\n")).toMatch(spoils);
  });
}
