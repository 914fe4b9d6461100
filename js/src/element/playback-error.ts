import type { AnsdevError } from "../protocol/errors.js";

/**
 * What `<ansdev-video>`'s `error` property holds: a `MediaError` (HTML, section 4.8.11.1) that also knows its cause.
 */
export class PlaybackError extends Error implements MediaError {
  /** `"PlaybackError"`. */
  override readonly name = "PlaybackError";
  /** 1: given up by the page. */
  readonly MEDIA_ERR_ABORTED = 1;
  /** 2: the network, or a token, failed. */
  readonly MEDIA_ERR_NETWORK = 2;
  /** 3: the media could not be decoded. */
  readonly MEDIA_ERR_DECODE = 3;
  /** 4: this video cannot be played here. */
  readonly MEDIA_ERR_SRC_NOT_SUPPORTED = 4;
  /** One of the four numbers above. */
  readonly code: 1 | 2 | 3 | 4;
  /** The {@link AnsdevError} behind it. */
  declare readonly cause: AnsdevError;

  constructor(code: 1 | 2 | 3 | 4, cause: AnsdevError) {
    super(`${cause.code}: ${cause.message}`, { cause });
    this.code = code;
  }

  /**
   * The error for what a session or a client rejected with.
   *
   * @param isUsable - Whether the video had already begun to load; then it is the network that failed, not the source.
   */
  static from(error: AnsdevError, isUsable: boolean): PlaybackError {
    return new PlaybackError(error.code === "ABORTED" ? 1 : error.retryable || isUsable ? 2 : 4, error);
  }
}
