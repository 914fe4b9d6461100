/**
 * A Worker's script that starts as js/src/protocol/messages.ts says, and then says anything: as one of another version might, or
 * one that answers at random. Its address names the seed.
 */
const tools = import("/attack/anything.js");
const seed = Number(new URL(location.href).searchParams.get("seed"));
let page;
let next;

const TYPES = [
  "resolved",
  "rejected",
  "event",
  "provide",
  "provideAborted",
  "ready",
  "failed",
  "booted",
  "later",
  "",
  5,
  null,
];
const EVENTS = ["statechange", "tokenrefreshing", "tokenrefreshed", "tokenerror", "quotachange", "quotalow", "later"];

globalThis.onmessage = async ({ data }) => {
  const { anything, chooser, random } = await tools;
  next ??= random(seed);
  const pick = chooser(next);
  const value = anything(next, ["vid_clear", "statechange", "INVALID_API_KEY", "retry", "aa.bb.cc"]);
  if (data.type === "connect") {
    page = data.port;
    page.postMessage({ type: "booted", version: data.version });
  } else if (data.type === "init") {
    page.postMessage({ type: "ready", keyPrefix: null });
  } else if (data.type === "destroy") {
    page.postMessage({ type: "destroyed" });
  } else {
    for (let count = Math.floor(next() * 4); count > 0; count--) {
      page.postMessage(
        pick([
          () => value(),
          () => ({ type: pick(TYPES), call: data.call, value: value(), error: value(), keyPrefix: value() }),
          () => ({ type: "event", name: pick(EVENTS), videoId: "vid_clear", detail: value() }),
          () => ({ type: "provide", request: pick([1, 2, value()]), videoId: value(), reason: value() }),
          () => ({ type: "resolved", call: pick([1, 2, 3, data.call, value()]), value: value() }),
        ])(),
      );
    }
    // Sooner or later there is an answer to everything.
    page.postMessage({ type: "resolved", call: data.call, value: 1 });
  }
};
