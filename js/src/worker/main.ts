/** The script of the Worker in which the API key lives. */
import { version } from "ansdev:build";

import { Dispatcher } from "./dispatcher.js";
import type { FromDispatcher, ToDispatcher } from "../protocol/messages.js";
import type { WasmSource } from "./wasm.js";

/** The core's WebAssembly as a text, which the default build writes ahead of this script. */
declare const ansdevWasm: string | undefined;

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<ToDispatcher>) => void };
/** Where messages to the page go; nothing is listened for there. */
let page: MessagePort | undefined;
let dispatcher: Dispatcher | undefined;

scope.onmessage = ({ data }) => {
  if (data.type === "ping") {
    post({ type: "pong" });
  } else if (data.type !== "connect") {
    dispatcher?.receive(data);
  } else if (page === undefined) {
    page = data.port;
    // A page of another version is told which one this is, and nothing else that it says is heard.
    if (data.version === version) {
      dispatcher = new Dispatcher(post, wasmSource(data.wasmUrl));
    }
    post({ type: "booted", version });
    holdLock();
  }
};

function post(message: FromDispatcher): void {
  page?.postMessage(message);
}

/** Browsers give a Worker's locks back when it ends, however it ends; the page waits for this one. */
function holdLock(): void {
  const { locks } = navigator as Partial<Navigator>;
  let isHeld = false;
  locks
    ?.request(crypto.randomUUID(), (lock) => {
      isHeld = true;
      if (lock) post({ type: "held", lock: lock.name });
      return new Promise(() => undefined);
    })
    .catch(() => {
      // Any script of the site can look its name up, and steal it. Where locks are denied, it never was held.
      if (isHeld) holdLock();
    });
}

/** A script that has its WebAssembly inside runs nothing else; one that has not takes that at an address. */
function wasmSource(url: string | undefined): WasmSource {
  if (typeof ansdevWasm === "string") return { kind: "text", text: ansdevWasm };
  return { kind: "url", url: url ?? new URL("ansdev-player.wasm", location.href).href };
}
