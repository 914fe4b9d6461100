/**
 * `@ansdev/player/hls`: plays a session with your own hls.js (1.6 or later).
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export { attachSession, hlsConfig } from "../adapters/hls.js";
export type { TokenSource } from "../adapters/token-source.js";
