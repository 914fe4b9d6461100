/** What the entries `@ansdev/player` and `@ansdev/player/slim` have in common. */
export { AnsdevError } from "./errors.js";
export type { Client, ClientEventMap } from "./client.js";
export type {
  ApiErrorCode,
  ErrorCode,
  ErrorDetail,
  KnownVideoStatus,
  Quota,
  SdkErrorCode,
  SessionState,
  StateDetail,
  TokenReason,
  TokenRefreshedDetail,
  TokenRefreshingDetail,
  Video,
  VideoPage,
  VideoStatus,
} from "./models.js";
export type {
  ApiKeyOptions,
  ClientOptions,
  CommonOptions,
  Isolation,
  ProvidedToken,
  TokenProvider,
  TokenProviderOptions,
  TokenRequest,
  WasmInput,
} from "./options.js";
export type { CallOptions } from "./call-options.js";
export type { Session, SessionEventMap, TokenErrorDetail } from "./session.js";
export type { TypedEventTarget } from "./event-target.js";
export type { ListOptions, VideoList, Videos, WaitOptions } from "./videos.js";
