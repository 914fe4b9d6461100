import { Secret } from "./secret.js";

/** A generator of numbers from 0 to below 1 that is the same in every run (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TYPES = [
  "init",
  "call",
  "tell",
  "provided",
  "destroyed",
  "connect",
  "prepare",
  "event",
  "",
  "__proto__",
  5,
  null,
];
const NAMES = [
  ...["listVideos", "getVideo", "openSession", "getToken", "resolve", "manifestUrl", "playerUrl", "keyPrefix"],
  ...["cancel", "setActive", "invalidate", "closeSession", "wake", "setOnline", "adopt", "shareable", "free", "key"],
  ...["constructor", "__proto__", "toString", "hasOwnProperty", "__wbg_ptr", "valueOf", "apiKey", "headers", "fetch"],
];

/** Messages that whoever holds the Worker could send it: of the right form, of nearly the right form, and of none. */
function* messages(count, elsewhere, wasm) {
  const next = random(1);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const value = (depth = 0) =>
    pick([
      () => pick([0, 1, 2, -1, 1.5, NaN, Infinity, 2 ** 32, 2n, true, false, null, undefined]),
      () => pick([elsewhere, `${elsewhere}/v1/video/vid_clear`, `${elsewhere}/video/key/job_clear`, "vid_clear"]),
      () => pick(["../../..", "//evil.example", "\0", "x".repeat(70_000), "x-ansdev-key", "vid_single_key"]),
      () =>
        pick([new Uint8Array(40), new ArrayBuffer(8), new Map([[1, elsewhere]]), new Date(NaN), /x/, new Error("x")]),
      () => (depth > 2 ? null : Array.from({ length: Math.floor(next() * 4) }, () => value(depth + 1))),
      () => (depth > 2 ? {} : { baseUrl: elsewhere, url: elsewhere, headers: value(depth + 1), key: value(depth + 1) }),
    ])();
  for (let call = 1_000_000; count > 0; count--, call++) {
    yield pick([
      () => value(),
      () => ({ type: pick(TYPES), call, name: pick(NAMES), args: value() }),
      () => ({ type: "call", call, name: pick(NAMES), args: [value(), value(), value()] }),
      () => ({ type: "call", call, name: pick(NAMES.slice(0, 7)), args: [1, value()] }),
      () => ({ type: "tell", name: pick(NAMES), args: [1, value()] }),
      () => ({ type: "provided", request: pick([0, 1, 2]), answer: value(), error: value() }),
      () => ({ type: "init", key: pick([undefined, new Uint8Array(40)]), baseUrl: elsewhere, onDemand: value() }),
      () => ({
        type: "prepare",
        wasm: pick([{ kind: "url", url: elsewhere }, { kind: "bytes", bytes: wasm }, value()]),
      }),
    ])();
  }
}

/**
 * The worst case: a script that has got hold of the Worker. It sends `count` messages, with a port of its own to listen
 * at, and hears everything that the Worker says.
 */
export async function fuzz(entry, access, count, elsewhere) {
  const secret = new Secret(access.apiKey);
  const loot = new Set();
  let heard = 0;
  const hear = ({ data }) => {
    heard++;
    const text = JSON.stringify(data, (_, value) => (typeof value === "bigint" ? String(value) : value)) ?? "";
    if (secret.isInText(text)) loot.add(text.slice(0, 200));
  };

  // It ran before the SDK; otherwise it would not have the Worker, nor hear what it says to the page.
  let worker;
  const ports = [];
  const { Worker, MessageChannel } = globalThis;
  Worker.prototype.terminate = () => undefined;
  globalThis.Worker = new Proxy(Worker, {
    construct(target, args) {
      worker = new target(...args);
      worker.addEventListener("message", hear);
      // Messages of no form make the script throw. The Worker survives it; the SDK would give it up.
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
      });
      return worker;
    },
  });
  globalThis.MessageChannel = new Proxy(MessageChannel, {
    construct(target) {
      const channel = new target();
      channel.port2.addEventListener("message", hear);
      ports.push(channel.port2);
      return channel;
    },
  });
  const { createClient } = await import(entry);
  const client = await createClient(access);
  const session = await client.openSession("vid_clear");
  await session.getToken();

  const channel = new MessageChannel();
  channel.port2.start();
  worker.postMessage({ type: "connect", port: channel.port1 }, [channel.port1]);
  const wasm = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  let sent = 0;
  for (const message of messages(count, elsewhere, wasm)) {
    worker.postMessage(message);
    // In portions, so that answers come while it goes on.
    if (++sent % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  // It still answers: messages are taken in their order, so all before this one were.
  const call = 3_000_000;
  const last = new Promise((resolve) => {
    const answered = ({ data }) => data?.call === call && resolve(data.type);
    for (const port of ports) port.addEventListener("message", answered);
  });
  worker.postMessage({ type: "call", call, name: "openSession", args: ["vid_clear"] });
  return { loot: [...loot], heard, last: await last };
}
