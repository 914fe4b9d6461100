/** How the host is started: in a Worker, where nothing in the page can look at its memory, or in the page. */
import { localDetail, unsupported } from "./errors.js";
import {
  createObjectUrl,
  errorMessage,
  listen,
  listOfOne,
  messageData,
  NativeBlob,
  NativeWorker,
  postToWorker,
  revokeObjectUrl,
  terminateWorker,
  trustedScriptUrl,
} from "./natives.js";
import type { Isolation } from "./options.js";
import type { FromHost, ToHost } from "./protocol.js";

/** A running host. Whoever holds it can talk to the host: it stays in private fields. */
export interface Connection {
  readonly isolation: Isolation;
  /** Own and empty: a promise that is resolved with it looks for `then`, and would find a patched `Object.prototype`'s. */
  readonly then: undefined;
  post(message: ToHost, transfer?: ArrayBuffer): void;
  close(): void;
}

/** The Worker's script: its text, for a blob, or its address. */
export type WorkerScript = { source: string } | { url: string };

/** Milliseconds in which a Worker must have started. */
const BOOT_DEADLINE = 10_000;

const BLOCKED =
  "If the page has a Content-Security-Policy, allow the Worker: `worker-src blob:` for the default build, or " +
  "`worker-src 'self'` with `workerUrl` pointing to worker.js on the page's own origin; under " +
  "`require-trusted-types-for 'script'` also `trusted-types ansdev-player`. Or choose isolation: \"page\", which is weaker";

/**
 * Starts the host in a Worker.
 *
 * @throws {@link AnsdevError} `UNSUPPORTED` where the page or the browser does not allow it.
 */
export async function startWorker(script: WorkerScript, receive: (message: FromHost) => void): Promise<Connection> {
  const { worker, release } = createWorker(script);
  try {
    await new Promise<void>((resolve, reject) => {
      let booted = false;
      const timer = setTimeout(() => {
        reject(unsupported(`The Worker did not start within ${String(BOOT_DEADLINE / 1000)} seconds. ${BLOCKED}`));
      }, BOOT_DEADLINE);
      listen(worker, "message", (event) => {
        const message = messageData(event as MessageEvent) as FromHost;
        if (booted) {
          receive(message);
        } else if (message.type === "booted") {
          booted = true;
          clearTimeout(timer);
          resolve();
        }
      });
      listen(worker, "error", (event) => {
        const reason = errorMessage(event);
        clearTimeout(timer);
        reject(unsupported(`The Worker could not be started${reason && ` (${reason})`}. ${BLOCKED}`));
        if (booted) {
          receive({
            type: "crashed",
            error: localDetail("UNSUPPORTED", `The player's Worker failed (${reason}). Create a new client`),
          });
        }
      });
    });
  } catch (error) {
    terminateWorker(worker);
    throw error;
  } finally {
    release();
  }
  return {
    isolation: "worker",
    then: undefined,
    post: (message, transfer) => {
      postToWorker(worker, message, transfer ? listOfOne(transfer) : nothing);
    },
    close: () => {
      terminateWorker(worker);
    },
  };
}

const nothing: Iterable<never> = {
  [Symbol.iterator]: () => ({ next: () => ({ done: true, value: undefined }) }),
} as Iterable<never>;

function createWorker(script: WorkerScript): { worker: Worker; release: () => void } {
  if (NativeWorker === undefined) {
    throw unsupported("This environment has no Worker. createClient belongs in the browser, not on the server");
  }
  let url: string | undefined;
  try {
    if ("source" in script) {
      if (NativeBlob === undefined || createObjectUrl === undefined) throw new TypeError("There are no blob URLs");
      url = createObjectUrl(new NativeBlob(listOfOne(script.source) as never, { type: "text/javascript" }));
    }
    const worker = new NativeWorker(trustedScriptUrl("source" in script ? (url ?? "") : script.url), {
      name: "ansdev-player",
    });
    return {
      worker,
      release: () => {
        if (url !== undefined) revokeObjectUrl?.(url);
      },
    };
  } catch (cause) {
    if (url !== undefined) revokeObjectUrl?.(url);
    throw unsupported(`The Worker could not be created (${String(cause)}). ${BLOCKED}`, { cause });
  }
}

/** Starts the host in the page's own realm. */
export async function startInPage(receive: (message: FromHost) => void): Promise<Connection> {
  const { Host } = await import("./host.js");
  let open = true;
  // Never called back in the middle of a call, as a Worker would not be.
  const host = new Host((message) => {
    queueMicrotask(() => {
      if (open) receive(message);
    });
  });
  return {
    isolation: "page",
    then: undefined,
    post: (message) => {
      queueMicrotask(() => {
        host.receive(message);
      });
    },
    close: () => {
      open = false;
    },
  };
}
