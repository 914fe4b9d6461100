/**
 * `@ansdev/player/videojs`: plays a session with your own video.js (8.x) and the HLS engine inside it, VHS.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export { attachSession, type VideoJsPlayer } from "../adapters/videojs.js";
export type { TokenSource } from "../adapters/token-source.js";
