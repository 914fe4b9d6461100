/**
 * `@ansdev/player`: the default entry. The Worker's script and the WebAssembly are inside, so it needs nothing of a
 * bundler or a server.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export type * from "./types.js";
export { AnsdevError, type Cause } from "../protocol/errors.js";
export { tokenEndpoint } from "../client/token-endpoint.js";
export { createClient } from "../client/create-inline-client.js";
