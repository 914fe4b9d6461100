/**
 * The proof that the suite sees leaks: each of these builds lacks one defence, or has one leak more, and the same attack
 * that finds nothing in the real build must succeed against it.
 */
import { type Change, serveLeaky } from "../../support/attack/leaky-build.ts";
import { type Subject, underPatches } from "../../support/attack/patched.ts";
import { expect, test } from "../../support/test.ts";

interface LookedUpLate {
  what: string;
  changes: Change[];
  subject: Subject;
  loot: RegExp;
}

/** Messages come from the Worker itself, whose events show it to whoever can see them. */
function byTheWorkersEvents(data: string): Change[] {
  const from = "const { worker, release } = createWorker(script);";
  return [
    {
      file: "worker.ts",
      from: "page?.postMessage(message)",
      to: "(globalThis as never as Worker).postMessage(message)",
    },
    {
      file: "isolation.ts",
      from,
      to: `${from} listen(worker, "message", (event) => { receive(${data} as FromHost); });`,
    },
  ];
}

/** Defences against replaced functions: the platform's own are taken when the SDK loads. */
const LOOKED_UP_LATE: LookedUpLate[] = [
  {
    what: "the Worker is made by whatever is called Worker",
    changes: [{ file: "isolation.ts", from: "new NativeWorker(", to: "new Worker(" }],
    subject: "workers",
    loot: /new window\.Worker: it: a Worker/,
  },
  {
    what: "the first message is posted by the Worker's method",
    changes: [
      {
        file: "isolation.ts",
        from: "postToWorker(worker, message, listOfOne(transfer))",
        to: "worker.postMessage(message, [transfer])",
      },
    ],
    subject: "messages",
    loot: /Worker\.postMessage: it: a Worker/,
  },
  {
    what: "the key is encoded by the TextEncoder's method",
    changes: [{ file: "natives.ts", from: "encode(encoder, text)", to: "new TextEncoder().encode(text)" }],
    subject: "encoders",
    loot: /TextEncoder\.encode: it: the key/,
  },
  {
    what: "the key's buffer is read from its property",
    changes: [{ file: "natives.ts", from: "buffer: bufferOf(bytes)", to: "buffer: bytes.buffer as ArrayBuffer" }],
    subject: "bytes",
    loot: /TypedArray\.buffer: it: the key's bytes/,
  },
  {
    what: "the Worker is listened to by its method",
    changes: [
      {
        file: "isolation.ts",
        from: 'listen(worker, "error", (event)',
        to: 'worker.addEventListener("error", (event: Event)',
      },
    ],
    subject: "messages",
    loot: /EventTarget\.addEventListener: it: a Worker/,
  },
  {
    what: "a message's data is read from its property",
    changes: byTheWorkersEvents("(event as MessageEvent).data"),
    subject: "messages",
    loot: /MessageEvent\.data: it\.\w+: a Worker/,
  },
  {
    what: "the Worker is ended by its method",
    changes: [{ file: "isolation.ts", from: "terminateWorker(worker)", to: "worker.terminate()" }],
    subject: "messages",
    loot: /Worker\.terminate: it: a Worker/,
  },
  {
    what: "messages are acted upon in the Worker's own event",
    changes: byTheWorkersEvents("messageData(event as MessageEvent)"),
    subject: "promises",
    loot: /Promise\.then \(callback\): it\.\w+: a Worker/,
  },
  {
    what: "the Worker goes through a promise",
    changes: [
      {
        file: "isolation.ts",
        from: "const { worker, release } = createWorker(script);",
        to: "const { worker, release } = createWorker(script); void Promise.resolve({ worker });",
      },
    ],
    subject: "promises",
    loot: /Promise\.resolve: it\.worker: a Worker/,
  },
  {
    what: "the options are asked by the platform's method of the day",
    changes: [
      { file: "options.ts", from: "const names = ownKeys(options);", to: "const names = Reflect.ownKeys(options);" },
    ],
    subject: "functions",
    loot: /Reflect\.ownKeys: it\.apiKey: the key/,
  },
  {
    what: "the options are put together by Object.assign",
    changes: [
      { file: "options.ts", from: "const own = ownOptions(options);", to: "const own = Object.assign({}, options);" },
    ],
    subject: "objects",
    loot: /Object\.assign: it\.apiKey: the key/,
  },
  {
    what: "the key's form is checked with a regular expression",
    changes: [
      {
        file: "options.ts",
        from: "const { apiKey, getToken } = own;",
        to: "const { apiKey, getToken } = own; /^ak_/.test(String(apiKey));",
      },
    ],
    subject: "texts",
    loot: /RegExp\.test: it: the key/,
  },
  {
    what: "the options are logged",
    changes: [
      {
        file: "options.ts",
        from: "const { apiKey, getToken } = own;",
        to: "const { apiKey, getToken } = own; console.debug(own);",
      },
    ],
    subject: "logs",
    loot: /console\.debug: it\.apiKey: the key/,
  },
  {
    what: "the key is sent by the page",
    changes: [
      {
        file: "create-client.ts",
        from: "await connection.booted;",
        to: 'await connection.booted; void fetch("/", { headers: { "x-ansdev-key": String(settings.apiKey) } });',
      },
    ],
    subject: "requests",
    loot: /window\.fetch: it\.headers\.x-ansdev-key: the key/,
  },
];

for (const { what, subject, loot, changes } of LOOKED_UP_LATE) {
  test(`is found: ${what}`, async ({ page, mock, site }) => {
    const entry = await serveLeaky(site, changes);
    await page.goto(site.page("blank.html"));
    const outcome = await underPatches(page, subject, { ...mock.access, isolation: "worker" }, entry);
    expect(outcome.loot.join("\n")).toMatch(loot);
  });
}
