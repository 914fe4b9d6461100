/** How the dispatcher is started: in a Worker, where nothing in the page can look at its memory, or in the page. */
import { version } from "ansdev:build";

import { type AnsdevError, localDetail, localError, unsupported } from "../protocol/errors.js";
import type { Dispatcher } from "../worker/dispatcher.js";
import type { WasmSource } from "../worker/wasm.js";
import {
  bare,
  closePort,
  createObjectUrl,
  errorMessage,
  isTrusted,
  lacking,
  listen,
  listOfOne,
  messageData,
  NativeBlob,
  NativeMessageChannel,
  NativeWorker,
  port1Of,
  port2Of,
  postToPort,
  postToWorker,
  quoted,
  revokeObjectUrl,
  startPort,
  terminateWorker,
  trustedScriptUrl,
} from "../platform/natives.js";
import type { Isolation } from "./options.js";
import { Pulse } from "./pulse.js";
import type { FromDispatcher, ToDispatcher } from "../protocol/messages.js";

/**
 * A dispatcher that runs, or is about to. Whoever holds it can talk to the dispatcher: it stays in private fields, and never goes
 * through a promise, because a patched `Promise.prototype` or `Object.prototype.then` would be handed it.
 *
 * Its first message is `booted`, and nothing may be posted before it; or `crashed`, where it cannot run.
 */
export interface Connection {
  readonly isolation: Isolation;
  post(message: ToDispatcher, transfer?: ArrayBuffer): void;
  close(): void;
}

/** The Worker's script: its two parts, for a blob; or its address, and that of its WebAssembly. */
export type WorkerScript =
  | { readonly kind: "source"; readonly source: string; readonly wasm: string }
  | { readonly kind: "url"; readonly url: string; readonly wasmUrl: string | undefined };

/** Milliseconds in which a Worker must have started. */
const BOOT_DEADLINE = 10_000;

const LOST = "The browser ended the player's Worker. Create a new client";

const BLOCKED =
  "If the page has a Content-Security-Policy, allow the Worker: `worker-src blob:` for the default build, or " +
  "`worker-src 'self'` with `workerUrl` pointing to worker.js on the page's own origin; under " +
  "`require-trusted-types-for 'script'` also `trusted-types ansdev-player`. Or choose isolation: \"page\", which is weaker";

/**
 * Starts the dispatcher in a Worker.
 *
 * @throws {@link AnsdevError} `UNSUPPORTED` where the page or the browser does not allow it.
 */
export function startWorker(script: WorkerScript, receive: (message: FromDispatcher) => void): Connection {
  const { worker, release } = createWorker(script);
  let isBooting = true;
  // Before the timer is made: one that a script has replaced may call back at once.
  let deadline: ReturnType<typeof setTimeout> | undefined = undefined;
  /** The Worker runs, or never will. */
  const settled = (): void => {
    isBooting = false;
    clearTimeout(deadline);
    release();
  };
  const fail = (detail: string): void => {
    const reason = detail && ` (${detail})`;
    const message = isBooting
      ? `The Worker could not be started${reason}. ${BLOCKED}`
      : `The player's Worker failed${reason}. Create a new client`;
    settled();
    receive(crashed(message));
  };
  const pulse = new Pulse(
    () => {
      postToWorker(worker, bare({ type: "ping" }));
    },
    () => {
      receive({ type: "lost", error: localDetail("WORKER_LOST", LOST) });
    },
  );
  const answers = openChannel((message) => {
    pulse.heard();
    try {
      if (message.type === "held") pulse.holds(message.lock);
      else if (message.type !== "booted") receive(message);
      else if (isBooting) {
        settled();
        receive(message.version === version ? message : crashed(mismatch(message.version)));
      }
    } catch (error) {
      // It breaks the protocol, and nothing that waits for it would end.
      fail(String(error));
    }
  });
  const failures = openChannel((message) => {
    if (message.type === "crashed") fail(message.error.message);
  });
  deadline = setTimeout(() => {
    if (isBooting) fail(`no sign of it for ${String(BOOT_DEADLINE / 1000)} seconds`);
  }, BOOT_DEADLINE);
  // Nothing more belongs into this one: see openChannel.
  listen(worker, "error", (event) => {
    if (isTrusted(event)) postToPort(failures.entrance, crashed(errorMessage(event)));
  });
  const wasmUrl = script.kind === "url" ? script.wasmUrl : undefined;
  const connect: ToDispatcher = { type: "connect", port: answers.entrance, version, wasmUrl };
  postToWorker(worker, connect, listOfOne(answers.entrance));
  return {
    isolation: "worker",
    post: (message, transfer) => {
      if (transfer) postToWorker(worker, message, listOfOne(transfer));
      else postToWorker(worker, message);
      pulse.expect();
    },
    close: () => {
      terminateWorker(worker);
      answers.close();
      failures.close();
      pulse.end();
      settled();
    },
  };
}

function crashed(message: string): FromDispatcher & { type: "crashed" } {
  return { type: "crashed", error: localDetail("UNSUPPORTED", message) };
}

function mismatch(theirs: unknown): string {
  return (
    `worker.js is of @ansdev/player ${typeof theirs === "string" ? theirs : "(an older version)"}, and the page's ` +
    `script of ${version}. Copy worker.js and ansdev-player.wasm again, both from node_modules/@ansdev/player/dist/`
  );
}

/**
 * A way for messages to the page, whose entrance is handed to the Worker, or kept for a listener on it.
 *
 * While an event is handled `window.event` shows it, also to promise callbacks that run right after the listener, and
 * an event shows its target. So the page never acts upon an event of the Worker, but on those of this way's
 * exit, which leads nowhere: nothing reads what is written into that end, and events that a script dispatches on it
 * are not believed.
 */
function openChannel(receive: (message: FromDispatcher) => void): { readonly entrance: MessagePort; close(): void } {
  if (NativeMessageChannel === undefined) throw unsupported("This environment has no MessageChannel");
  const channel = new NativeMessageChannel();
  const exit = port2Of(channel);
  listen(exit, "message", (event) => {
    if (isTrusted(event)) receive(messageData(event as MessageEvent) as FromDispatcher);
  });
  startPort(exit);
  return {
    entrance: port1Of(channel),
    close: () => {
      closePort(exit);
    },
  };
}

function createWorker(script: WorkerScript): { worker: Worker; release: () => void } {
  if (NativeWorker === undefined || lacking.forWorker) {
    throw unsupported(
      `This environment lacks ${lacking.forWorker}, which the player's Worker needs. Use a current browser`,
    );
  }
  let url: string | undefined;
  const release = (): void => {
    if (url !== undefined) revokeObjectUrl?.(url);
    url = undefined;
  };
  try {
    if (script.kind === "source") {
      if (NativeBlob === undefined || createObjectUrl === undefined) throw new TypeError("There are no blob URLs");
      const text = `const ansdevWasm=${quoted(script.wasm)};${script.source}`;
      url = createObjectUrl(new NativeBlob(listOfOne(text) as never, bare({ type: "text/javascript" })));
    }
    const address = trustedScriptUrl(script.kind === "url" ? script.url : (url ?? ""));
    return { worker: new NativeWorker(address, bare({ name: "ansdev-player" })), release };
  } catch (cause) {
    release();
    throw unsupported(`The Worker could not be created (${String(cause)}). ${BLOCKED}`, { cause });
  }
}

/** Starts the dispatcher in the page's own realm. */
export function startInPage(wasm: WasmSource, receive: (message: FromDispatcher) => void): Connection {
  let open = true;
  let dispatcher: Dispatcher | undefined;
  // Never called back in the middle of a call, as a Worker would not be.
  const later = (message: FromDispatcher): void => {
    queueMicrotask(() => {
      if (open) receive(message);
    });
  };
  import("../worker/dispatcher.js").then(
    (module) => {
      dispatcher = new module.Dispatcher(later, wasm);
      later({ type: "booted", version });
    },
    (cause: unknown) => {
      later({ type: "crashed", error: notLoaded(cause) });
    },
  );
  return {
    isolation: "page",
    post: (message) => {
      queueMicrotask(() => {
        dispatcher?.receive(message);
      });
    },
    close: () => {
      open = false;
    },
  };
}

function notLoaded(cause: unknown): AnsdevError {
  return localError(
    "NETWORK",
    `The part of the player that runs in the page could not be loaded (${String(cause)}). Check that the page's ` +
      "server has all files of the build, and load the page again",
  );
}
