/**
 * `@ansdev/player/shaka`: plays a session with your own Shaka Player (5.x).
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export {
  attachSession,
  type ShakaNetworking,
  type ShakaPlayer,
  type ShakaRequest,
  type ShakaRequestFilter,
  type ShakaResponse,
  type ShakaResponseFilter,
} from "../adapters/shaka.js";
export type { TokenSource } from "../adapters/token-source.js";
