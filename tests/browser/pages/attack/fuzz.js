import { anything, chooser, random } from "./anything.js";
import { Secret } from "./secret.js";

const TYPES = ["init", "call", "notify", "provided", "destroyed", "connect", "event", "", "__proto__", 5, null];
const FIRST_CALL = 1_000_000;
const NAMES = [
  ...["listVideos", "getVideo", "openSession", "getToken", "resolve", "manifestUrl", "playerUrl", "keyPrefix"],
  ...["cancel", "setActive", "invalidate", "closeSession", "wake", "setOnline", "adopt", "shareable", "free", "key"],
  ...["constructor", "__proto__", "toString", "hasOwnProperty", "__wbg_ptr", "valueOf", "apiKey", "headers", "fetch"],
];

/** What the Worker may say (js/src/protocol/messages.ts). */
const ANSWERS = [
  "held",
  "pong",
  "booted",
  "ready",
  "failed",
  "resolved",
  "rejected",
  "event",
  "provide",
  "provideAborted",
  "destroyed",
];

/** Messages that a script with the Worker could send it: of the right form, of nearly the right form, and of none. */
function* messages(seed, count, elsewhere) {
  const next = random(seed);
  const pick = chooser(next);
  const value = anything(next, [
    elsewhere,
    `${elsewhere}/v1/video/vid_clear`,
    `${elsewhere}/video/key/job_clear`,
    "vid_clear",
  ]);
  for (let call = FIRST_CALL; count > 0; count--, call++) {
    // A session has the number of the call that opened it.
    const session = () => Math.max(FIRST_CALL, call - Math.floor(next() * 50));
    yield pick([
      () => value(),
      () => ({ type: pick(TYPES), call, name: pick(NAMES), args: value() }),
      () => ({ type: "call", call, name: pick(NAMES), args: [value(), value(), value()] }),
      () => ({ type: "call", call, name: pick(NAMES.slice(0, 7)), args: [session(), value()] }),
      () => ({ type: "call", call, name: "openSession", args: [pick(["vid_clear", "vid_single_key", "vid_none"])] }),
      () => ({ type: "notify", name: pick(NAMES), args: [session(), value()] }),
      () => ({ type: "notify", name: "cancel", args: [call - Math.floor(next() * 20)] }),
      () => ({ type: "provided", request: pick([0, 1, 2]), provided: value(), error: value() }),
      () => ({ type: "init", key: pick([undefined, new Uint8Array(40)]), baseUrl: elsewhere, onDemand: value() }),
      () => ({ type: "ping" }),
      () => ({ type: "connect", version: value(), wasmUrl: pick([elsewhere, value()]) }),
    ])();
  }
}

/** Whether an error has the form that js/src/protocol/models.ts promises. */
function isErrorDetail(error) {
  const isNumber = (value) => value === null || typeof value === "number";
  const isText = (value) => value === null || typeof value === "string";
  return (
    Object.prototype.toString.call(error) === "[object Object]" &&
    /^[A-Z_]+$/.test(error.code) &&
    typeof error.message === "string" &&
    error.message !== "" &&
    typeof error.retryable === "boolean" &&
    typeof error.fatal === "boolean" &&
    [error.status, error.retryAfter].every(isNumber) &&
    [error.videoId, error.docsUrl].every(isText)
  );
}

/**
 * The worst case: a script that has got hold of the Worker. It sends `count` messages, with a port of its own to listen
 * at, and hears everything that the Worker says.
 */
export async function fuzz(entry, access, { seed, count, elsewhere, patience }) {
  const secret = new Secret(access.apiKey);
  const loot = new Set();
  const misshapen = new Set();
  /** How often each of our calls was answered. */
  const answered = new Map();
  let heard = 0;
  let onAnswer = () => undefined;
  const hear = ({ data }) => {
    heard++;
    const text = JSON.stringify(data, (_, value) => (typeof value === "bigint" ? String(value) : value)) ?? "";
    if (secret.isInText(text)) loot.add(text.slice(0, 200));
    const isProper =
      ANSWERS.includes(data?.type) && (!["rejected", "failed"].includes(data.type) || isErrorDetail(data.error));
    if (!isProper) misshapen.add(text.slice(0, 200));
    if (data?.call >= FIRST_CALL) {
      answered.set(data.call, (answered.get(data.call) ?? 0) + 1);
      onAnswer();
    }
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
  const asked = new Set();
  let sent = 0;
  for (const message of messages(seed, count, elsewhere)) {
    worker.postMessage(message);
    if (message?.type === "call") asked.add(message.call);
    // In portions, so that answers come while it goes on.
    if (++sent % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  const unanswered = () => [...asked].filter((call) => !answered.has(call));
  await Promise.race([
    new Promise((resolve) => {
      onAnswer = () => unanswered().length === 0 && resolve();
      onAnswer();
    }),
    new Promise((resolve) => setTimeout(resolve, patience)),
  ]);
  // The client that was there before goes on.
  const last = await Promise.all([client.openSession("vid_clear"), client.videos.get("vid_clear")]).then(
    ([, video]) => video.id,
    (error) => String(error),
  );
  return {
    loot: [...loot],
    misshapen: [...misshapen],
    unanswered: unanswered().length,
    answeredTwice: [...answered.values()].filter((times) => times > 1).length,
    heard,
    last,
  };
}
