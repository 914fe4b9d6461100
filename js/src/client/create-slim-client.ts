/** `createClient` of the slim build: the Worker's script and the WebAssembly are files. */
import type { Client } from "./client.js";
import { createClientWith } from "./create-client.js";
import type { ApiKeyOptions, TokenProviderOptions } from "./options.js";

/** Where the two files lie; `workerUrl` can be left out with isolation `"page"`. */
export type SlimOptions = (ApiKeyOptions | TokenProviderOptions) & {
  /** Address of `worker.js` of this package, on the page's own origin. */
  workerUrl?: string | URL | undefined;
  /** Address of `ansdev-player.wasm` of this package. Default: beside `worker.js`. */
  wasmUrl?: string | URL | undefined;
};

/**
 * Creates a client, as `createClient` of `@ansdev/player` does.
 *
 * Rejects with an {@link AnsdevError}: `INVALID_OPTIONS`, `INVALID_KEY_FORMAT`, or `UNSUPPORTED` where a file is not
 * found, or the page's policies or the browser do not let the core run.
 *
 * @example
 * ```ts
 * const client = await createClient({ apiKey, workerUrl: "/ansdev/worker.js" });
 * ```
 */
export function createClient(options: SlimOptions): Promise<Client> {
  return createClientWith(undefined, options);
}
