import type { ErrorCode, ErrorDetail } from "./models.js";

/** The error behind an error. TypeScript's own type for it needs the `lib` of ES2022 in every page that uses the SDK. */
export interface Cause {
  /** The error behind this one. */
  cause?: unknown;
}

/**
 * Every error that the SDK rejects with or reports in an event. It never holds a key or a token.
 *
 * @example
 * ```ts
 * try {
 *   await session.getToken();
 * } catch (error) {
 *   if (error.name === "AnsdevError" && error.code === "VIDEO_NOT_READY") await client.videos.waitUntilReady(id);
 *   else throw error;
 * }
 * ```
 */
export class AnsdevError extends Error {
  /** `"AnsdevError"`. */
  override readonly name = "AnsdevError";
  /** What went wrong, for programs: a code of the API's catalogue, or one of the SDK's own. */
  readonly code: ErrorCode;
  /** The HTTP status; `null` where no answer came. */
  readonly status: number | null;
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** Seconds to wait before the next try; `null` where nothing is known of it. */
  readonly retryAfter: number | null;
  /** Whether nothing can succeed until the key, the video or the options change. */
  readonly fatal: boolean;
  /** The video it is about; `null` where it is about none. */
  readonly videoId: string | null;
  /** The address of the page that explains the code; `null` for codes that the API does not define. */
  readonly docsUrl: string | null;

  /**
   * @param detail - What the error says.
   * @param options - `cause`: the error behind this one, such as what `getToken` threw.
   */
  constructor(detail: ErrorDetail, options?: Cause) {
    super(detail.message, options);
    this.code = detail.code;
    this.status = detail.status;
    this.retryable = detail.retryable;
    this.retryAfter = detail.retryAfter;
    this.fatal = detail.fatal;
    this.videoId = detail.videoId;
    this.docsUrl = detail.docsUrl;
  }
}

/** The codes that the page side raises by itself. */
export type LocalCode =
  | "NETWORK"
  | "TIMEOUT"
  | "BAD_RESPONSE"
  | "ABORTED"
  | "INVALID_OPTIONS"
  | "INVALID_KEY_FORMAT"
  | "DESTROYED"
  | "UNSUPPORTED"
  | "TOKEN_PROVIDER_FAILED"
  | "VIDEO_NOT_READY"
  | "WORKER_LOST";

/**
 * The plain form of an error that the page side raises by itself. Agrees with `src/api/error.rs`. It calls no function
 * that a script can replace: one is made while an event of the Worker is handled.
 */
export function localDetail(code: LocalCode, message: string, videoId: string | null = null): ErrorDetail {
  const retryable =
    code === "NETWORK" || code === "TIMEOUT" || code === "BAD_RESPONSE" || code === "TOKEN_PROVIDER_FAILED";
  const fatal = !retryable && code !== "ABORTED";
  return { code, message, status: null, retryable, retryAfter: null, fatal, videoId, docsUrl: null };
}

/** An error that the page side raises by itself; `status` is that of the HTTP answer behind it. */
export function localError(
  code: LocalCode,
  message: string,
  { status = null, ...options }: Cause & { status?: number | null } = {},
): AnsdevError {
  return new AnsdevError({ ...localDetail(code, message), status }, options);
}

/**
 * Whether something is an {@link AnsdevError}, also one of another copy of the package on the page: recognised by what
 * it has, never by its class.
 */
export function isAnsdevError(error: unknown): error is AnsdevError {
  const { name, code } = (typeof error === "object" && error !== null ? error : {}) as {
    name?: unknown;
    code?: unknown;
  };
  return name === "AnsdevError" && typeof code === "string";
}

/** `INVALID_OPTIONS`: an argument is wrong. */
export function invalid(message: string, options?: Cause): AnsdevError {
  return localError("INVALID_OPTIONS", message, options);
}

/** `UNSUPPORTED`: the browser, or a policy of the page, lacks something. */
export function unsupported(message: string, options?: Cause): AnsdevError {
  return localError("UNSUPPORTED", message, options);
}

/** `ABORTED`: the caller's signal was aborted. */
export function aborted(signal: AbortSignal): AnsdevError {
  return localError("ABORTED", "The call was aborted by its signal", { cause: signal.reason });
}
