// Made from the Rust sources by `cargo xtask build`. Do not edit.

/** Codes that the API sends. */
export type ApiErrorCode =
  | "API_KEY_REQUIRED"
  | "INVALID_API_KEY"
  | "API_KEY_EXPIRED"
  | "INSUFFICIENT_SCOPE"
  | "RATE_LIMIT_EXCEEDED"
  | "VIDEO_NOT_FOUND"
  | "VIDEO_NOT_READY"
  | "PLAYBACK_TOKEN_EXPIRED"
  | "PLAYBACK_TOKEN_INVALID"
  | "PLAYBACK_TOKEN_MISMATCH"
  | "NO_KEY"
  | "KEY_DECRYPT_FAILED";

/** Codes that the SDK adds. */
export type SdkErrorCode =
  | "NETWORK"
  | "TIMEOUT"
  | "ABORTED"
  | "BAD_RESPONSE"
  | "INVALID_KEY_FORMAT"
  | "INVALID_OPTIONS"
  | "DESTROYED"
  | "UNSUPPORTED"
  | "TOKEN_PROVIDER_FAILED"
  | "WORKER_LOST";

/** A stable name for what went wrong. A code that this version does not know is passed on as it came. */
export type ErrorCode = ApiErrorCode | SdkErrorCode | (string & {});

/** How far a video is processed. Only a `COMPLETED` video plays. */
export type KnownVideoStatus =
  | "PRICING"
  | "ESCROW_LOCKED"
  | "UPLOADING"
  | "QUEUED"
  | "TRANSCODING"
  | "MIGRATING"
  | "COMPLETED"
  | "FAILED";

/** A status; one that this version does not know is passed on as it came. */
export type VideoStatus = KnownVideoStatus | (string & {});

/**
 * One video.
 *
 * Fields that this version does not know are left alone: the SDK hands on the object that the API sent.
 */
export type Video = { 
/**
 * The public id, `vid_…`.
 */
id: string, 
/**
 * What people call it.
 */
title: string, 
/**
 * How far its making has come. Only a `COMPLETED` video plays.
 */
status: VideoStatus, 
/**
 * The highest rendition, such as `1080p`; `null` before it is known.
 */
quality: string | null, 
/**
 * Length in seconds; `null` before it is known.
 */
durationSeconds: number | null, 
/**
 * Whether its segments are encrypted with AES-128.
 */
encrypted: boolean, 
/**
 * When it was created, as RFC 3339 text.
 */
createdAt: string, };

/**
 * One page of the list of videos.
 */
export type VideoPage = { 
/**
 * The page's videos.
 */
videos: Array<Video>, 
/**
 * What to pass as `cursor` for the next page; `null` on the last one.
 */
nextCursor: string | null, };

/**
 * The day's tokens of one key, as every answer of the mint route tells it.
 */
export type Quota = { 
/**
 * Tokens that the key may mint in a UTC day.
 */
limit: number, 
/**
 * Tokens left today.
 */
remaining: number, 
/**
 * When the day's count starts again, in seconds since the Unix epoch, by the server's clock.
 */
reset: number, };

/**
 * What a token session is doing.
 */
export type SessionState = "idle" | "minting" | "live" | "refreshing" | "retrying" | "failed" | "exhausted" | "destroyed";

/**
 * Why a token is minted.
 */
export type TokenReason = "initial" | "refresh" | "rejected";

/**
 * What an `AnsdevError` is made of.
 */
export type ErrorDetail = { 
/**
 * What went wrong, for programs.
 */
code: ErrorCode, 
/**
 * What went wrong, what was expected and what to do, for people.
 */
message: string, 
/**
 * The HTTP status, where an answer came.
 */
status: number | null, 
/**
 * Whether the same call may succeed later with nothing changed.
 */
retryable: boolean, 
/**
 * Seconds to wait before the next try, where the backend said so.
 */
retryAfter: number | null, 
/**
 * Whether nothing can succeed until the key, the video or the options change.
 */
fatal: boolean, 
/**
 * The video it is about, where it is about one.
 */
videoId: string | null, 
/**
 * Where the code is explained, where it is one of the API's.
 */
docsUrl: string | null, };

/**
 * What a session is doing, and until when its token is valid.
 */
export type StateDetail = { 
/**
 * What it is doing.
 */
state: SessionState, 
/**
 * When the current token expires, in milliseconds since the Unix epoch by this device's clock; `null` where there
 * is no valid token.
 */
expiresAt: number | null, };

/**
 * What `Core.openSession` answers.
 */
export type OpenedSession = { 
/**
 * Its number.
 */
handle: number, 
/**
 * What it is doing.
 */
state: SessionState, 
/**
 * When the current token expires, in milliseconds since the Unix epoch by this device's clock; `null` where there
 * is no valid token.
 */
expiresAt: number | null, };

/**
 * Detail of `tokenrefreshing`.
 */
export type TokenRefreshingDetail = { 
/**
 * The video.
 */
videoId: string, 
/**
 * Why a token is being minted.
 */
reason: TokenReason, };

/**
 * Detail of `tokenrefreshed`.
 */
export type TokenRefreshedDetail = { 
/**
 * The video.
 */
videoId: string, 
/**
 * Why the token was minted.
 */
reason: TokenReason, 
/**
 * When it expires, in milliseconds since the Unix epoch by this device's clock.
 */
expiresAt: number, };

/**
 * Detail of the core's `tokenerror`.
 */
export type TokenErrorDetail = { 
/**
 * What went wrong.
 */
error: ErrorDetail, 
/**
 * Whether another try follows by itself.
 */
willRetry: boolean, };
