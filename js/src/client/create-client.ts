import { Client } from "./client.js";
import { whilePending } from "./clients-pending.js";
import { AnsdevError, unsupported } from "../protocol/errors.js";
import { type Connection, startInPage, startWorker, type WorkerScript } from "./isolation.js";
import { compileStreaming, encodeSecret } from "../platform/natives.js";
import { type ClientOptions, readOptions, type Settings } from "./options.js";
import type { FromDispatcher, WasmSource } from "../protocol/messages.js";
import { Provider } from "./provider.js";
import { Remote } from "./remote.js";
import { checkMediaType } from "../worker/wasm.js";

/** What an entry brings with it for pages that do not say `workerUrl` and `wasmUrl`. */
export interface Bundled {
  worker: WorkerScript | undefined;
  wasm: WasmSource | undefined;
}

type Boot = (receive: (message: FromDispatcher) => void) => Connection;

let warned = false;

/** What every entry's `createClient` does. */
export function createClientWith(bundled: Bundled, options: ClientOptions): Promise<Client> {
  return whilePending(create(bundled, options));
}

async function create(bundled: Bundled, options: ClientOptions): Promise<Client> {
  const settings = readOptions(options);
  const script =
    settings.workerUrl === undefined ? bundled.worker : ({ kind: "url", url: settings.workerUrl } as const);
  // Only what had to come through a promise: a patched `then` could put another module in the place of ours.
  const given = settings.wasm instanceof Response ? await compileResponse(settings.wasm) : settings.wasm;
  const wasm = given === undefined ? bundled.wasm : wasmSource(given);
  if (wasm === undefined) {
    throw unsupported("This entry of the package brings no WebAssembly; say where it lies with `wasmUrl`");
  }
  if (settings.isolation === "page") return start(settings, wasm, startInPage);
  if (script === undefined) {
    throw unsupported("This entry of the package brings no Worker; say where its script lies with `workerUrl`");
  }
  try {
    return await start(settings, wasm, (receive) => startWorker(script, receive));
  } catch (error) {
    if (settings.isolation === "worker" || !(error instanceof AnsdevError) || error.code !== "UNSUPPORTED") throw error;
    const client = await start(settings, wasm, startInPage);
    if (!warned) {
      warned = true;
      console.warn(
        `@ansdev/player: the API key could not be put into a Worker and lives in the page, where a hostile script can ` +
          `take it (client.isolation is "page"). ${error.message}`,
      );
    }
    return client;
  }
}

async function start(settings: Settings, wasm: WasmSource, boot: Boot): Promise<Client> {
  const remote = new Remote(settings.getToken && new Provider(settings.getToken));
  const connection = boot((message) => {
    remote.receive(message);
  });
  // Before the key is on its way somebody must be there to take it; the module need not wait for that.
  connection.post({ type: "prepare", wasm });
  await connection.booted;
  // Transferred, not copied: when the message is on its way, the page has no bytes of the key left.
  const key = settings.apiKey === undefined ? undefined : encodeSecret(settings.apiKey);
  const { baseUrl, onDemand, shareAcrossTabs } = settings;
  const keyPrefix = await remote.start(
    connection,
    { type: "init", key: key?.bytes, baseUrl, onDemand, shareAcrossTabs },
    key?.buffer,
  );
  return new Client({ remote, isolation: connection.isolation, keyPrefix });
}

function wasmSource(input: Exclude<NonNullable<Settings["wasm"]>, Response>): WasmSource {
  if (typeof input === "string") return { kind: "url", url: input };
  return input instanceof WebAssembly.Module ? { kind: "module", module: input } : { kind: "bytes", bytes: input };
}

/** A Response cannot be sent to a Worker; a compiled module can. */
async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  checkMediaType(response);
  if (compileStreaming === undefined) throw unsupported("This environment cannot compile WebAssembly");
  try {
    return await compileStreaming(response);
  } catch (cause) {
    throw unsupported(
      `The Response given as \`wasmUrl\` could not be compiled (${String(cause)}); expected an unread answer with this ` +
        "package's ansdev-player.wasm, and 'wasm-unsafe-eval' in the script-src of a Content-Security-Policy",
      { cause },
    );
  }
}
