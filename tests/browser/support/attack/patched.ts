import type { Page } from "@playwright/test";

/** What scripts replace, in the words of the tests' names; by the subjects of pages/attack/patches.js. */
export const SUBJECTS = {
  requests: "fetch, XMLHttpRequest, WebSocket, EventSource and sendBeacon",
  headers: "Headers, Request, Response and URL",
  encoders: "TextEncoder, TextDecoder, atob and btoa",
  bytes: "TypedArray, ArrayBuffer, DataView and Blob",
  wasm: "WebAssembly and the Memory.buffer getter",
  messages: "postMessage of Worker, MessagePort, BroadcastChannel and window, and all of their events",
  workers: "Worker, SharedWorker and service workers",
  promises: "Promise, then on Object.prototype, timers and AbortSignal",
  functions: "call, apply, bind, Reflect and Proxy",
  objects: "Object, its prototype's methods, Map, Set and WeakMap",
  names: "a getter and a setter on Object.prototype for every name in the SDK's code",
  lists: "Array, its iterator, and getters and setters on its prototype",
  texts: "JSON.stringify, structuredClone, String and RegExp",
  logs: "console, Error and Error.prepareStackTrace",
} as const;

export type Subject = keyof typeof SUBJECTS;

/** Every error of a client's life (pages/attack/life.js): all of it was lived. */
export const WHOLE_LIFE = [
  "VIDEO_NOT_FOUND",
  "PLAYBACK_TOKEN_INVALID",
  "VIDEO_NOT_READY",
  "ABORTED",
  "INVALID_KEY_FORMAT",
  "INVALID_KEY_FORMAT",
  "INVALID_OPTIONS",
  "INVALID_OPTIONS",
  "INVALID_OPTIONS",
  "DESTROYED",
];

/** Runs one of the attacks in a page that stands where it may import the SDK. */
export async function underPatches(
  page: Page,
  subject: Subject,
  access: object,
  entry = "@ansdev/player",
): Promise<import("attack/patched.js").Outcome> {
  return page.evaluate(
    async (args) => {
      const attack = await import("attack/patched.js");
      return attack.underPatches(...args);
    },
    [subject, entry, access] as const,
  );
}
