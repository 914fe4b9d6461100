/** `createClient` of the default build: the Worker's script and the WebAssembly are inside. */
import wasm from "ansdev:wasm";
import worker from "ansdev:worker";

import type { Client } from "./client.js";
import { createClientWith } from "./create-client.js";
import type { ClientOptions } from "./options.js";

/**
 * Creates a client from an API key, or from a function that fetches tokens from the page's own server.
 *
 * Rejects with an {@link AnsdevError}: `INVALID_OPTIONS`, `INVALID_KEY_FORMAT`, or `UNSUPPORTED` where the page's
 * policies or the browser do not let the core run. No request is made.
 *
 * @example
 * ```ts
 * const client = await createClient({ getToken: tokenEndpoint("/tokens") });
 * ```
 */
export function createClient(options: ClientOptions): Promise<Client> {
  return createClientWith({ worker, wasm }, options);
}
