/** The types that the entries `@ansdev/player` and `@ansdev/player/slim` have in common. */
export type { Client, ClientEventMap } from "../client/client.js";
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
} from "../protocol/models.js";
export type {
  ApiKeyOptions,
  ClientOptions,
  CommonOptions,
  Isolation,
  ProvidedToken,
  TokenProvider,
  TokenProviderOptions,
  TokenRequest,
} from "../client/options.js";
export type { TokenEndpointInit } from "../client/token-endpoint.js";
export type { CallOptions } from "../client/call-options.js";
export type { Session, SessionEventMap, TokenErrorDetail } from "../client/session.js";
export type { TypedEventTarget } from "../platform/event-target.js";
export type { ListOptions, VideoList, Videos, WaitOptions } from "../client/videos.js";
