import { Client } from "./client.js";
import { whilePending } from "./clients-pending.js";
import { type AnsdevError, invalid, isAnsdevError, unsupported } from "../protocol/errors.js";
import { type Connection, startInPage, startWorker, type WorkerScript } from "./isolation.js";
import { encodeSecret, lacking, ownGlobal } from "../platform/natives.js";
import { type ClientOptions, copyOptions, type Given, readOptions, type Settings } from "./options.js";
import type { FromDispatcher } from "../protocol/messages.js";
import { Provider } from "./provider.js";
import { Remote } from "./remote.js";
import type { WasmSource } from "../worker/wasm.js";

/** What an entry carries: the Worker's script and the WebAssembly, as texts. */
export interface Carried {
  readonly worker: string;
  readonly wasm: string;
}

type Boot = (receive: (message: FromDispatcher) => void) => Connection;

let warned = false;

/**
 * What every entry's `createClient` does. `carried` is `undefined` where both are files.
 *
 * Before the first `await` it calls nothing that a script may have replaced, asks no property that may have become an
 * accessor, and makes no error: a function that is called now finds the caller's arguments on the stack
 * (`Function.prototype.arguments`), and the key among them. For the same reason the entries' `createClient` are no `async`
 * functions: one that returns a promise asks it for `then` at once.
 */
export async function createClientWith(carried: Carried | undefined, options: ClientOptions): Promise<Client> {
  const given = copyOptions(options);
  // eslint-disable-next-line @typescript-eslint/await-thenable -- a promise of ours would be asked for its constructor
  await undefined;
  return whilePending(create(carried, given));
}

async function create(carried: Carried | undefined, given: Given): Promise<Client> {
  if (ownGlobal("document") === undefined) {
    throw unsupported("createClient works in a browser's page only. On a server, import without calling it");
  }
  if (lacking.forClient) {
    throw unsupported(`This environment lacks ${lacking.forClient}, which the player needs. Use a current browser`);
  }
  const settings = readOptions(given);
  if (settings.isolation === "page") return start(settings, inPage(carried, settings));
  const script = workerScript(carried, settings);
  try {
    return await start(settings, inWorker(script));
  } catch (error) {
    // Whatever has thrown that: what has a key stays where it is.
    if (settings.isolation !== "auto" || settings.apiKey !== undefined || !isUnsupported(error)) throw error;
    const client = await start(settings, inPage(carried, settings));
    if (!warned) {
      warned = true;
      console.warn(
        `@ansdev/player: no Worker could be started, and the client runs in the page (client.isolation is "page"). ` +
          error.message,
      );
    }
    return client;
  }
}

// Each of these functions has a scope of its own without the key. An error keeps the functions that it came through, and
// what these can see, for as long as somebody keeps the error.

function inWorker(script: WorkerScript): Boot {
  return (receive) => startWorker(script, receive);
}

function inPage(carried: Carried | undefined, { wasmUrl }: Settings): Boot {
  const wasm = wasmInPage(carried, wasmUrl);
  return (receive) => startInPage(wasm, receive);
}

function isUnsupported(error: unknown): error is AnsdevError {
  return isAnsdevError(error) && error.code === "UNSUPPORTED";
}

function workerScript(carried: Carried | undefined, { workerUrl, wasmUrl }: Settings): WorkerScript {
  if (workerUrl !== undefined) return { kind: "url", url: workerUrl, wasmUrl };
  if (carried === undefined) {
    throw unsupported("This entry of the package brings no Worker; say where its script lies with `workerUrl`");
  }
  if (wasmUrl !== undefined) {
    throw invalid(
      "`wasmUrl` goes with `workerUrl`: the Worker of this entry has its WebAssembly inside. Leave it out, or name both",
    );
  }
  return { kind: "source", source: carried.worker, wasm: carried.wasm };
}

function wasmInPage(carried: Carried | undefined, wasmUrl: string | undefined): WasmSource {
  if (carried !== undefined) return { kind: "text", text: carried.wasm };
  if (wasmUrl !== undefined) return { kind: "url", url: wasmUrl };
  throw unsupported("This entry of the package brings no WebAssembly; say where it lies with `wasmUrl`");
}

async function start(settings: Settings, boot: Boot): Promise<Client> {
  const remote = new Remote(settings.getToken && new Provider(settings.getToken));
  try {
    const connection = connect(remote, boot);
    const { isolation } = connection;
    const keyPrefix = await remote.start(connection, sender(settings, connection));
    // Nobody has the key any more: its page must make another client.
    if (settings.getToken) remote.revive = reviver(remote, settings, boot);
    return new Client({ remote, isolation, keyPrefix });
  } catch (error) {
    // Whatever has thrown that: a Worker that nobody can destroy would keep the key.
    try {
      remote.destroy();
    } catch {
      // A script has broken what comes after the key's end.
    }
    throw isAnsdevError(error) ? error : notStarted(error);
  }
}

function notStarted(cause: unknown): AnsdevError {
  return unsupported("The client could not be started: the page lacks something that it needs; see `cause`", { cause });
}

function reviver(remote: Remote, settings: Settings, boot: Boot): () => Promise<unknown> {
  return async () => {
    const connection = connect(remote, boot);
    return remote.start(connection, sender(settings, connection));
  };
}

/** Apart from `start`, whose options a listener that is made there would keep for as long as it is there itself. */
function connect(remote: Remote, boot: Boot): Connection {
  return boot((message) => {
    remote.receive(message);
  });
}

/** Sends the first message; to be called once there is somebody to take it. */
function sender(
  { apiKey, baseUrl, onDemand, shareAcrossTabs, videoIds }: Settings,
  connection: Connection,
): () => void {
  let secret = apiKey;
  return () => {
    // Transferred, not copied: when the message is on its way, the page has no bytes of the key left.
    const key = secret === undefined ? undefined : encodeSecret(secret);
    secret = undefined;
    connection.post({ type: "init", key: key?.bytes, baseUrl, onDemand, shareAcrossTabs, videoIds }, key?.buffer);
  };
}
