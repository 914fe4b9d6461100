/**
 * `@ansdev/player/shaka`: plays a session with your own Shaka Player (5.x).
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export { attachSession } from "../adapters/shaka.js";
export type { TokenSource } from "../adapters/token-source.js";
