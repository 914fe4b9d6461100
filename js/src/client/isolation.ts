/** How the dispatcher is started: in a Worker, where nothing in the page can look at its memory, or in the page. */
import { type AnsdevError, localDetail, unsupported } from "../protocol/errors.js";
import type { Dispatcher } from "../worker/dispatcher.js";
import {
  closePort,
  createObjectUrl,
  errorMessage,
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
  revokeObjectUrl,
  startPort,
  terminateWorker,
  trustedScriptUrl,
} from "../platform/natives.js";
import type { Isolation } from "./options.js";
import type { FromDispatcher, ToDispatcher } from "../protocol/messages.js";

/**
 * A dispatcher that runs, or is about to. Whoever holds it can talk to the dispatcher: it stays in private fields, and never goes
 * through a promise, because a patched `Promise.prototype` or `Object.prototype.then` would be handed it.
 */
export interface Connection {
  readonly isolation: Isolation;
  /** Resolves when messages can be posted. Rejects with an {@link AnsdevError} `UNSUPPORTED`; it is closed then. */
  readonly booted: Promise<void>;
  post(message: ToDispatcher, transfer?: ArrayBuffer): void;
  close(): void;
}

/** The Worker's script: its text, for a blob, or its address. */
export type WorkerScript = { kind: "source"; source: string } | { kind: "url"; url: string };

/** Milliseconds in which a Worker must have started. */
const BOOT_DEADLINE = 10_000;

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
  let boot: { resolve(): void; reject(error: AnsdevError): void } | undefined;
  const fail = (detail: string): void => {
    const reason = detail && ` (${detail})`;
    if (boot) boot.reject(unsupported(`The Worker could not be started${reason}. ${BLOCKED}`));
    else receive(crashed(`The player's Worker failed${reason}. Create a new client`));
  };
  const answers = openChannel((message) => {
    try {
      if (message.type === "booted") boot?.resolve();
      else receive(message);
    } catch (error) {
      // It is of another version, or out of its mind: whoever waits for it would wait in vain.
      fail(String(error));
    }
  });
  const failures = openChannel((message) => {
    if (message.type === "crashed") fail(message.error.message);
  });
  const close = (): void => {
    terminateWorker(worker);
    answers.close();
    failures.close();
  };
  const booted = new Promise<void>((resolve, reject) => {
    boot = { resolve, reject };
  });
  const deadline = setTimeout(() => {
    boot?.reject(unsupported(`The Worker did not start within ${String(BOOT_DEADLINE / 1000)} seconds. ${BLOCKED}`));
  }, BOOT_DEADLINE);
  // Nothing more belongs into this one: see openChannel.
  listen(worker, "error", (event) => {
    postToPort(failures.entrance, crashed(errorMessage(event)));
  });
  postToWorker(worker, { type: "connect", port: answers.entrance } satisfies ToDispatcher, listOfOne(answers.entrance));
  const settled = (): void => {
    boot = undefined;
    clearTimeout(deadline);
    release();
  };
  return {
    isolation: "worker",
    booted: booted.then(settled, (error: unknown) => {
      settled();
      close();
      throw error;
    }),
    post: (message, transfer) => {
      if (transfer) postToWorker(worker, message, listOfOne(transfer));
      else postToWorker(worker, message);
    },
    close,
  };
}

function crashed(message: string): FromDispatcher & { type: "crashed" } {
  return { type: "crashed", error: localDetail("UNSUPPORTED", message) };
}

/**
 * A way for messages to the page, whose entrance is handed to the Worker, or kept for a listener on it.
 *
 * While an event is handled `window.event` shows it, also to promise callbacks that run right after the listener, and
 * an event shows its target. So the page never acts upon an event of the Worker, but on those of this way's
 * exit, which leads nowhere: whoever writes into that end is heard by nobody.
 */
function openChannel(receive: (message: FromDispatcher) => void): { readonly entrance: MessagePort; close(): void } {
  if (NativeMessageChannel === undefined) throw unsupported("This environment has no MessageChannel");
  const channel = new NativeMessageChannel();
  const exit = port2Of(channel);
  listen(exit, "message", (event) => {
    receive(messageData(event as MessageEvent) as FromDispatcher);
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
  if (NativeWorker === undefined) {
    throw unsupported("This environment has no Worker. createClient belongs in the browser, not on the server");
  }
  let url: string | undefined;
  const release = (): void => {
    if (url !== undefined) revokeObjectUrl?.(url);
  };
  try {
    if (script.kind === "source") {
      if (NativeBlob === undefined || createObjectUrl === undefined) throw new TypeError("There are no blob URLs");
      url = createObjectUrl(new NativeBlob(listOfOne(script.source) as never, { type: "text/javascript" }));
    }
    const address = trustedScriptUrl(script.kind === "url" ? script.url : (url ?? ""));
    return { worker: new NativeWorker(address, { name: "ansdev-player" }), release };
  } catch (cause) {
    release();
    throw unsupported(`The Worker could not be created (${String(cause)}). ${BLOCKED}`, { cause });
  }
}

/** Starts the dispatcher in the page's own realm. */
export function startInPage(receive: (message: FromDispatcher) => void): Connection {
  let open = true;
  let dispatcher: Dispatcher | undefined;
  let early: ToDispatcher | undefined;
  return {
    isolation: "page",
    booted: import("../worker/dispatcher.js").then((module) => {
      // Never called back in the middle of a call, as a Worker would not be.
      dispatcher = new module.Dispatcher((message) => {
        queueMicrotask(() => {
          if (open) receive(message);
        });
      });
      if (early) dispatcher.receive(early);
    }),
    post: (message) => {
      if (dispatcher === undefined) early = message;
      else
        queueMicrotask(() => {
          dispatcher?.receive(message);
        });
    },
    close: () => {
      open = false;
    },
  };
}
