/**
 * The proof that the suite sees leaks: each of these builds lacks one defence, or has one leak more, and the same attack
 * that finds nothing in the real build must succeed against it.
 */
import { type Change, serveLeaky } from "../../support/attack/leaky-build.ts";
import { type Subject, underPatches } from "../../support/attack/patched.ts";
import { traces } from "../../support/attack/traces.ts";
import { expect, test } from "../../support/test.ts";

interface LookedUpLate {
  what: string;
  changes: Change[];
  subject: Subject;
  loot: RegExp;
}

/** Messages come from the Worker itself, whose events show it to every script that sees them. */
function byTheWorkersEvents(data: string): Change[] {
  const from = "const { worker, release } = createWorker(script);";
  return [
    {
      file: "worker/main.ts",
      from: "page?.postMessage(message)",
      to: "(globalThis as never as Worker).postMessage(message)",
    },
    {
      file: "client/isolation.ts",
      from,
      to: `${from} listen(worker, "message", (event) => { receive(${data} as FromDispatcher); });`,
    },
  ];
}

/** Defences against replaced functions: the platform's own are taken when the SDK loads. */
const LOOKED_UP_LATE: LookedUpLate[] = [
  {
    what: "the Worker is made by whatever is called Worker",
    changes: [{ file: "client/isolation.ts", from: "new NativeWorker(", to: "new Worker(" }],
    subject: "workers",
    loot: /new window\.Worker: it: a Worker/,
  },
  {
    what: "the first message is posted by the Worker's method",
    changes: [
      {
        file: "client/isolation.ts",
        from: "postToWorker(worker, message, listOfOne(transfer))",
        to: "worker.postMessage(message, [transfer])",
      },
    ],
    subject: "messages",
    loot: /Worker\.postMessage: it: a Worker/,
  },
  {
    what: "the key is encoded by the TextEncoder's method",
    changes: [{ file: "platform/natives.ts", from: "encode(encoder, text)", to: "new TextEncoder().encode(text)" }],
    subject: "encoders",
    loot: /TextEncoder\.encode: it: the key/,
  },
  {
    what: "the key's buffer is read from its property",
    changes: [
      { file: "platform/natives.ts", from: "buffer: bufferOf(bytes)", to: "buffer: bytes.buffer as ArrayBuffer" },
    ],
    subject: "bytes",
    loot: /TypedArray\.buffer: it: the key's bytes/,
  },
  {
    what: "the Worker is listened to by its method",
    changes: [
      {
        file: "client/isolation.ts",
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
    changes: [{ file: "client/isolation.ts", from: "terminateWorker(worker)", to: "worker.terminate()" }],
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
        file: "client/isolation.ts",
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
      {
        file: "client/options.ts",
        from: "const names = ownKeys(options);",
        to: "const names = Reflect.ownKeys(options);",
      },
    ],
    subject: "functions",
    loot: /Reflect\.ownKeys: it\.apiKey: the key/,
  },
  {
    what: "the options are put together by Object.assign",
    changes: [
      {
        file: "client/create-client.ts",
        from: "const given = copyOptions(options);",
        to: "const given = { named: Object.assign({}, options) } as unknown as Given;",
      },
    ],
    subject: "objects",
    loot: /Object\.assign: it\.apiKey: the key/,
  },
  {
    what: "the key's form is checked with a regular expression",
    changes: [
      {
        file: "client/options.ts",
        from: "const { apiKey, getToken } = given;",
        to: "const { apiKey, getToken } = given; /^ak_/.test(String(apiKey));",
      },
    ],
    subject: "texts",
    loot: /RegExp\.test: it: the key/,
  },
  {
    what: "the options are logged",
    changes: [
      {
        file: "client/options.ts",
        from: "const { apiKey, getToken } = given;",
        to: "const { apiKey, getToken } = given; console.debug(given);",
      },
    ],
    subject: "logs",
    loot: /console\.debug: it\.apiKey: the key/,
  },
  {
    what: "the key is sent by the page",
    changes: [
      {
        file: "client/create-client.ts",
        from: "const { isolation } = connection;",
        to: 'const { isolation } = connection; void fetch("/", { headers: { "x-ansdev-key": String(settings.apiKey) } });',
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
    const outcome = await underPatches(page, subject, mock.access, entry);
    expect(outcome.loot.join("\n")).toMatch(loot);
  });
}

/** Places where the key can be left, and how a build does it that has just made a client. */
const LEFT_BEHIND: Record<string, { leave: string; loot: RegExp }> = {
  "in a property of the client": { leave: "Object.assign(client, { key })", loot: /^walk: \.life\.client\.key/m },
  "under a symbol of the prototype": {
    leave: "Object.defineProperty(Client.prototype, Symbol('key'), { get: () => key })",
    loot: /^walk: \.life\.client\.Symbol\(key\)/m,
  },
  "in a map": { leave: "Object.assign(client, { map: new Map([[1, [key]]]) })", loot: /^walk: \.life\.client\.map/m },
  "as bytes": {
    leave: "Object.assign(client, { bytes: new TextEncoder().encode(key) })",
    loot: /^walk: \.life\.client\.bytes: the key's bytes/m,
  },
  "in window": { leave: "Object.assign(globalThis, { remembered: { key } })", loot: /^walk: \.window\.remembered/m },
  "in the DOM": {
    leave: "document.head.appendChild(document.createElement('span')).attachShadow({ mode: 'open' }).textContent = key",
    loot: /^DOM$/m,
  },
  "in localStorage": { leave: "localStorage.setItem('last', btoa(key))", loot: /^localStorage$/m },
  "in sessionStorage": { leave: "sessionStorage.setItem(key, '')", loot: /^sessionStorage$/m },
  "in a cookie": { leave: "document.cookie = `key=${key}`", loot: /^cookies$/m },
  "in IndexedDB": {
    leave: `await new Promise((done) => {
      const opening = indexedDB.open("leak");
      opening.onupgradeneeded = () => opening.result.createObjectStore("keys").put({ key }, 1);
      opening.onsuccess = () => { opening.result.close(); done(null); };
    })`,
    loot: /^IndexedDB$/m,
  },
  "in the cache": { leave: "await (await caches.open('leak')).put('/x', new Response(key))", loot: /^Cache$/m },
  "in the history": { leave: "history.replaceState({ key }, '')", loot: /^history$/m },
  "in the address": { leave: "location.hash = key", loot: /^history$/m },
  "in the performance entries": { leave: "performance.mark(key)", loot: /^performance$/m },
  "on a channel between tabs": {
    leave: "setTimeout(() => new BroadcastChannel(`ansdev-player ${settings.baseUrl}`).postMessage(key))",
    loot: /^BroadcastChannel$/m,
  },
};

test("is found: the key left in each place where a page can leave something", async ({ page, mock, site }) => {
  const leave = Object.values(LEFT_BEHIND).map((place) => `${place.leave};`);
  const from = "return new Client({ remote, isolation, keyPrefix });";
  const to = `const client = new Client({ remote, isolation, keyPrefix });
    { const key = settings.apiKey ?? ""; ${leave.join("\n")} }
    return client;`;
  const entry = await serveLeaky(site, [{ file: "client/create-client.ts", from, to }]);
  await page.goto(site.page("blank.html"));
  const seen = await traces(page, mock.access, entry);
  const loot = seen.loot.join("\n");
  for (const [where, place] of Object.entries(LEFT_BEHIND)) expect(loot, where).toMatch(place.loot);
});

/** Messages of the dispatcher that say too much. */
const SAID: Record<string, { changes: Change[]; loot: RegExp }> = {
  "in an event": {
    changes: [
      {
        file: "worker/dispatcher.ts",
        from: 'this.#post({ type: "event", name, videoId, detail } as CoreEvent);',
        to: 'this.#post({ type: "event", name, videoId, detail: { ...detail, key: copy } } as never);',
      },
    ],
    loot: /^events$/m,
  },
  "in the message of an error": {
    changes: [
      {
        file: "worker/dispatcher.ts",
        from: 'this.#post({ type: "failed", error: detailOf(error) });',
        to: 'this.#post({ type: "failed", error: { ...detailOf(error), message: `${copy} is wrong` } });',
      },
    ],
    loot: /^errors$/m,
  },
};

for (const [where, { changes, loot }] of Object.entries(SAID)) {
  test(`is found: the key said ${where}`, async ({ page, mock, site }) => {
    const keep = "this.#started = true;";
    const copy = { file: "worker/dispatcher.ts", from: keep, to: `${keep} copy = new TextDecoder().decode(key);` };
    const declare = { file: "worker/dispatcher.ts", from: "/** One core,", to: 'let copy = "";\n/** One core,' };
    const entry = await serveLeaky(site, [copy, declare, ...changes]);
    await page.goto(site.page("blank.html"));
    const seen = await traces(page, mock.access, entry);
    expect(seen.loot.join("\n")).toMatch(loot);
  });
}
