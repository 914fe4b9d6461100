/**
 * `@ansdev/player/slim`: the same as the default entry, but the Worker's script and the WebAssembly are files of their
 * own. For pages that forbid `blob:` Workers, or count bytes.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export type * from "./types.js";
export { AnsdevError, type Cause } from "../protocol/errors.js";
export { tokenEndpoint } from "../client/token-endpoint.js";
export { createClient, type SlimOptions } from "../client/create-slim-client.js";
