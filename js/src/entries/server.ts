/**
 * `@ansdev/player/server`: your server's half of `getToken`. Standard `Request` and `Response`, without WebAssembly,
 * Node's own modules or dependencies.
 *
 * @packageDocumentation
 */
export { AnsdevError, type Cause } from "../protocol/errors.js";
export type { ApiErrorCode, ErrorCode, ErrorDetail, SdkErrorCode } from "../protocol/models.js";
export { createTokenEndpoint, type TokenEndpoint } from "../server/endpoint.js";
export { nodeHandler, type NodeRequest, type NodeResponse } from "../server/node.js";
export type { AuthorizeRequest, TokenEndpointEvent, TokenEndpointOptions } from "../server/options.js";
