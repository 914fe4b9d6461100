import type { HlsConfig, KeyLoaderContext, LoaderConfig, LoaderContext, LoadPolicy, RetryConfig } from "hls.js";

import { delay } from "../platform/delay.js";
import { persist } from "./persist.js";
import { isRefusal, type TokenSource } from "./token-source.js";

/** What is known of the requests for one URL. */
interface Requests {
  /** The URL of the request that is under way, with its token; `undefined` once its failure was judged. */
  sent: string | undefined;
  /** Whether the one repeat with a new token was spent. */
  repeated: boolean;
  /** Milliseconds to wait before the next request. */
  pause: number;
}

/** Bytes of a key of `METHOD=AES-128` (RFC 8216, section 4.3.2.4). */
const KEY_LENGTH = 16;

/** Repeats of one playlist or key request after network faults and 5xx answers; with the pauses about a minute. */
const MOST_REPEATS = 18;
/** Milliseconds before the first of them; doubled each time, up to the longest. A viewer's buffer lasts for half a minute. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 4_000;
/** Repeats of one request that nobody answers. */
const MOST_TIMEOUTS = 2;

// Milliseconds for one request. There is none for the first byte: after it hls.js would count from the first of all the
// repeats, and throw away what comes at last (its `xhr-loader.ts`).
const PLAYLIST_TIMEOUT = 20_000;
const KEY_TIMEOUT = 10_000;
const TIMEOUT_RETRY: RetryConfig = { maxNumRetry: MOST_TIMEOUTS, retryDelayMs: 0, maxRetryDelayMs: 0 };

/**
 * Configuration for hls.js that puts the current token into every playlist and key request at the moment it is sent.
 *
 * A refused token (401, 403) is renewed once and the request repeated once. While the session has no token for a
 * transient reason, requests wait. What is permanent reaches hls.js at once, as a fatal network error.
 *
 * @param session - Where the tokens come from.
 * @param overrides - More configuration. An `xhrSetup` runs after this one, with the request opened; the repeats of
 *   the three playlist and key policies (`errorRetry`) stay this function's own.
 *
 * @example
 * ```ts
 * const hls = new Hls(hlsConfig(session, { maxBufferLength: 10 }));
 * hls.loadSource(await session.manifestUrl());
 * hls.attachMedia(video);
 * ```
 */
export function hlsConfig(session: TokenSource, overrides: Partial<HlsConfig> = {}): Partial<HlsConfig> {
  // By the playlist's URL, under which hls.js asks about repeats; only what is under way or has failed.
  const requests = new Map<string, Requests>();
  // Key requests that nobody answered, since the last answer.
  let timeouts = 0;

  async function xhrSetup(this: unknown, xhr: XMLHttpRequest, url: string, context: LoaderContext): Promise<void> {
    const known = requests.get(url);
    if (known?.pause) await delay(known.pause);
    const isWanted = (): boolean => isLoading(this);
    const sent = await persist(() => session.resolve(url), isWanted);
    if (!isWanted()) return;
    requests.set(url, { sent, repeated: known?.repeated ?? false, pause: 0 });
    xhr.addEventListener("load", () => {
      if (xhr.status >= 400 || xhr.response === null) return;
      timeouts = 0;
      requests.delete(url);
    });
    xhr.open("GET", sent, true);
    if (isKeyRequest(context)) hideOtherThanKeys(xhr);
    await overrides.xhrSetup?.call(this, xhr, sent, context);
  }

  function shouldRetry(
    _retry: RetryConfig | null | undefined,
    count: number,
    _isTimeout: boolean,
    response: { url: string; code?: number } | undefined,
  ): boolean {
    const request = response && requests.get(response.url);
    // hls.js asks twice about one failure: its loader, then its error controller, which would load all over again.
    if (request?.sent === undefined) return false;
    const { sent } = request;
    request.sent = undefined;
    timeouts = 0;
    if (count === 0) request.repeated = false;
    const status = response?.code ?? 0;
    if (isRefusal(status)) {
      if (request.repeated) return false;
      request.repeated = true;
      session.invalidate(sent);
      return true;
    }
    // Below 400 something has come, but no key.
    const isTransient = status < 400 || status === 408 || status === 429 || status >= 500;
    request.pause = Math.min(FIRST_PAUSE * 2 ** count, LONGEST_PAUSE);
    return isTransient && count < MOST_REPEATS;
  }

  // All repeats are the loader's. At 0 hls.js's stream controller does not repeat what the loader has given up.
  const errorRetry: RetryConfig = { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0, shouldRetry };
  // Those of a rendition's playlist are its level controller's, which looks at `maxNumRetry` whatever was said here.
  const renditionRetry: RetryConfig = {
    ...errorRetry,
    shouldRetry: (retry, count, isTimeout, response) => {
      const isWanted = shouldRetry(retry, count, isTimeout, response);
      if (retry) retry.maxNumRetry = isWanted ? count + 1 : 0;
      return isWanted;
    },
  };
  // hls.js counts errors and timeouts together, and would give a key up at the first timeout after some errors.
  const keyTimeoutRetry: RetryConfig = { ...errorRetry, shouldRetry: () => timeouts++ < MOST_TIMEOUTS };
  const policy = (defaults: Omit<LoaderConfig, "maxTimeToFirstByteMs">, own: LoadPolicy | undefined): LoadPolicy => ({
    default: { maxTimeToFirstByteMs: Infinity, ...defaults, ...own?.default, errorRetry: defaults.errorRetry },
  });
  const playlist = { maxLoadTimeMs: PLAYLIST_TIMEOUT, timeoutRetry: TIMEOUT_RETRY };
  const key = { maxLoadTimeMs: KEY_TIMEOUT, timeoutRetry: keyTimeoutRetry, errorRetry };
  return {
    ...overrides,
    xhrSetup,
    manifestLoadPolicy: policy({ ...playlist, errorRetry }, overrides.manifestLoadPolicy),
    playlistLoadPolicy: policy({ ...playlist, errorRetry: renditionRetry }, overrides.playlistLoadPolicy),
    keyLoadPolicy: policy(key, overrides.keyLoadPolicy),
  };
}

/** Whether the hls.js loader that `xhrSetup` has as its `this` still wants its request (its `base-loader.ts`). */
function isLoading(loader: unknown): boolean {
  const stats = (loader as { stats?: { aborted: boolean } | null } | undefined)?.stats;
  return stats !== null && !stats?.aborted;
}

function isKeyRequest(context: LoaderContext | KeyLoaderContext): boolean {
  return "keyInfo" in context && context.keyInfo.decryptdata.method === "AES-128";
}

/**
 * Makes an answer that is no key count as none. hls.js would take a hotel's login page for a key, decrypt with it, and
 * keep it for the whole film; where nothing has come it asks `shouldRetry`.
 */
function hideOtherThanKeys(xhr: XMLHttpRequest): void {
  Object.defineProperty(xhr, "response", {
    get: () => {
      const response: unknown = Reflect.get(XMLHttpRequest.prototype, "response", xhr);
      return response instanceof ArrayBuffer && response.byteLength === KEY_LENGTH ? response : null;
    },
  });
}
