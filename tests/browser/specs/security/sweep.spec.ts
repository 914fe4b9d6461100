/**
 * One stand-in after another for everything that the SDK touches on its way to a token, and for what it might touch.
 * In short here; `cargo xtask attack` tries everything.
 */
import { type Change, serveLeaky } from "../../support/attack/leaky-build.ts";
import { sweep, type Swept } from "../../support/attack/sweep.ts";
import { expect, test } from "../../support/test.ts";

const isWhole = process.env["ATTACK"] === "whole";
/** Milliseconds for the sample of what is not tried always: in short, and of the slim build in the whole. */
const SHORT = 25_000;
const SAMPLE = 120_000;

test.use({ mockFlags: ["--quota", "1000000"] });

/** As one line, which `cargo xtask attack` looks for. */
function summary({ reached, fixed, touched, planned, varied, unused, absent, stuck, left, seed }: Swept): string {
  return (
    `swept: ${reached} points reached, ${fixed} of them fixed, ${touched.length} touched; ${planned} stand-ins, ` +
    `${varied} tried (${unused} of them unused), ${absent} absent here, ${stuck.length} stuck, ${left} left; seed ${seed}`
  );
}

/** What every sweep of the real package has to come to. */
function judge(swept: Swept): void {
  console.log(summary(swept));
  console.log(JSON.stringify(swept.outcomes));
  for (const label of swept.stuck) console.log(`stuck: ${label}`);
  expect(swept.losses, `the seed is ${swept.seed}`).toEqual([]);
  expect(swept.varied + swept.absent + swept.stuck.length).toBeGreaterThanOrEqual(swept.always);
  // A sweep in which no client lives has tried nothing.
  expect(swept.outcomes["minted"]).toBeGreaterThan(swept.varied / 3);
}

test("the sweep: no stand-in for anything that the SDK touches gets the key", async ({ browser, site, mock }) => {
  test.setTimeout(isWhole ? 3_600_000 : 300_000);
  judge(await sweep(browser, site, mock, isWhole ? {} : { deadline: SHORT }));
});

test("the sweep: nor where the Worker is a file", async ({ browser, site, mock }) => {
  test.setTimeout(isWhole ? 3_600_000 : 300_000);
  const options = { workerUrl: `${site.url}/sdk/worker.js` };
  const deadline = isWhole ? SAMPLE : 0;
  judge(await sweep(browser, site, mock, { entry: "/sweep/sdk/slim.js", options, deadline }));
});

interface Weaker {
  what: string;
  changes: Change[];
  /** The family of stand-ins that it is up to. */
  only: string;
  loss: RegExp;
}

/** Each lacks one defence, and the same sweep has to find that out. */
const WEAKER: Weaker[] = [
  {
    what: "the rules of the Trusted Types policy have a prototype",
    changes: [
      {
        file: "platform/natives.ts",
        from: "bare({ createScriptURL: (address: string) => address })",
        to: "{ createScriptURL: (address: string) => address }",
      },
    ],
    only: "Object/prototype/create",
    loss: /createHTML get bends: the attacker's Worker was sent the key/,
  },
  {
    what: "the Worker's options have a prototype",
    changes: [
      { file: "client/isolation.ts", from: 'bare({ name: "ansdev-player" })', to: '{ name: "ansdev-player" }' },
    ],
    only: "Object/prototype/credentials",
    loss: /the way to the Worker asks Object.prototype for credentials/,
  },
  {
    what: "an address is recognised by instanceof",
    changes: [
      {
        file: "client/options.ts",
        from: 'typeof value === "object" ? (urlText(value) ?? value) : value',
        to: 'typeof value === "object" && value instanceof URL ? urlText(value) : value',
      },
    ],
    only: "URL/@@hasInstance",
    loss: /URL\/@@hasInstance value bends: the key went to a stranger's origin/,
  },
  {
    what: "an address goes through a promise",
    changes: [
      {
        file: "client/create-client.ts",
        from: "const settings = readOptions(given);",
        to: `const read = readOptions(given);
          const later = (async () => read.baseUrl)();
          const settings = { ...read, baseUrl: await later };`,
      },
    ],
    only: "late:like",
    loss: /late:like: the key went to a stranger's origin/,
  },
  {
    what: "the options are not copied",
    changes: [
      {
        file: "client/create-client.ts",
        from: "const given = copyOptions(options);",
        to: `const copied = copyOptions(options) as unknown as { named: object };
          const own = Object.entries(copied.named).filter(([, value]) => value !== undefined);
          const given = { named: Object.fromEntries(own) } as unknown as Given;`,
      },
    ],
    only: "Object/prototype/workerUrl",
    loss: /workerUrl get script: the attacker's Worker was sent the key/,
  },
  {
    what: "Worker is looked up when it is needed",
    changes: [{ file: "client/isolation.ts", from: "new NativeWorker(", to: "new Worker(" }],
    only: "/Worker value",
    loss: /\/Worker value attacker: the attacker's Worker was sent the key/,
  },
  {
    what: "the first message is posted by the method of the day",
    changes: [
      {
        file: "client/isolation.ts",
        from: "postToWorker(worker, message, listOfOne(transfer))",
        to: "worker.postMessage(message, [transfer])",
      },
    ],
    only: "Worker/prototype/postMessage",
    loss: /Worker\/prototype\/postMessage: it\.\d\.\d\.key: the key's bytes/,
  },
  {
    what: "a client with a key falls back into the page",
    changes: [
      {
        file: "client/create-client.ts",
        from: 'settings.isolation !== "auto" || settings.apiKey !== undefined || ',
        to: "",
      },
      { file: "client/isolation.ts", from: "new NativeWorker(", to: "new Worker(" },
    ],
    only: "/Worker value",
    loss: /\/Worker value throws: the client lives in the page/,
  },
];

for (const { what, changes, only, loss } of WEAKER) {
  test(`the sweep finds it out where ${what}`, async ({ browser, site, mock }) => {
    const entry = await serveLeaky(site, changes);
    const { losses } = await sweep(browser, site, mock, { entry, only, seed: 1 });
    expect(losses.join("\n")).toMatch(loss);
  });
}
