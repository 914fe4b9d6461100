import type Hls from "hls.js";
import type { HlsConfig, KeyLoaderContext, LoaderConfig, LoaderContext, LoadPolicy, RetryConfig } from "hls.js";

import { delay } from "../platform/delay.js";
import { invalid } from "../protocol/errors.js";
import { attached, forget, playsAnother, remember } from "./attachments.js";
import { Viewer } from "./audience.js";
import { followNeeds } from "./hls-needs.js";
import { persist } from "./persist.js";
import { isRefusal, type TokenSource } from "./token-source.js";
import { followVideo } from "./watched.js";

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
const MAX_RETRIES = 18;
/** Milliseconds before the first of them; doubled each time, up to the longest. A viewer's buffer lasts for half a minute. */
const FIRST_PAUSE = 500;
const MAX_PAUSE = 4_000;
/** Repeats of one request that nobody answers. */
const MAX_TIMEOUTS = 2;

// Milliseconds for one request. There is none for the first byte: after it hls.js would count from the first of all the
// repeats, and throw away what comes at last (its `xhr-loader.ts`).
const PLAYLIST_TIMEOUT = 20_000;
const KEY_TIMEOUT = 10_000;
const TIMEOUT_RETRY: RetryConfig = { maxNumRetry: MAX_TIMEOUTS, retryDelayMs: 0, maxRetryDelayMs: 0 };

/** The members of hls.js's configuration that {@link hlsConfig} sets. */
const MEMBERS = ["xhrSetup", "fetchSetup", "manifestLoadPolicy", "playlistLoadPolicy", "keyLoadPolicy"] as const;

/** Whose tokens an `xhrSetup` puts in. */
const sources = new WeakMap<NonNullable<HlsConfig["xhrSetup"]>, TokenSource>();

/**
 * Plays a session with an hls.js of the page's own: does what {@link hlsConfig} does, and follows the player. Nothing is
 * renewed while the video is paused, ended, or hidden and silent, nor once all that needs a token is loaded. So a film
 * with one key costs one token.
 *
 * It may be called before or after `loadSource` and `attachMedia`; called later, it knows nothing of the keys that were
 * loaded before. Attaching the same session again is attaching it once. The page's own `xhrSetup`, `fetchSetup` and
 * policies go on, as {@link hlsConfig} says.
 *
 * @param hls - An hls.js (1.6 or later) that is not destroyed.
 * @param session - Where the tokens come from.
 * @returns Ends it: the configuration is as it was before. hls.js's `destroy()` ends it too.
 * @throws `AnsdevError` `INVALID_OPTIONS` where `hls` is no hls.js, or plays another session.
 *
 * @example
 * ```ts
 * const hls = new Hls({ maxBufferLength: 10 });
 * attachSession(hls, session);
 * hls.loadSource(await session.manifestUrl());
 * hls.attachMedia(video);
 * ```
 */
export function attachSession(hls: Hls, session: TokenSource): () => void {
  const { config } = hls as Partial<Hls>;
  if (config === undefined) throw invalid("attachSession got no hls.js; expected an instance, such as new Hls()");
  const known = attached(hls, session);
  if (known) return known;
  const source = config.xhrSetup && sources.get(config.xhrSetup);
  if (source !== undefined && source !== session) throw playsAnother();
  const restore = source === undefined ? configure(hls, session) : () => undefined;
  const { Events } = hls.constructor as typeof Hls;
  const viewer = new Viewer(session);
  const endNeeds = followNeeds(hls, (isNeeded) => {
    viewer.setNeeded(isNeeded);
  });
  let endVideo = (): void => undefined;
  const onAttached = (): void => {
    endVideo();
    if (hls.media) {
      endVideo = followVideo(hls.media, (isWatched) => {
        viewer.setActive(isWatched);
      });
    } else {
      viewer.setActive(false);
    }
  };
  onAttached();
  hls.on(Events.MEDIA_ATTACHED, onAttached);
  hls.on(Events.MEDIA_DETACHED, onAttached);
  hls.on(Events.DESTROYING, detach);
  return remember(hls, session, detach);

  function detach(): void {
    forget(hls, detach);
    hls.off(Events.MEDIA_ATTACHED, onAttached);
    hls.off(Events.MEDIA_DETACHED, onAttached);
    hls.off(Events.DESTROYING, detach);
    endVideo();
    endNeeds();
    viewer.leave();
    restore();
  }
}

/** Has an hls.js that exists already put tokens in; returns what takes that back. */
function configure(hls: Hls, session: TokenSource): () => void {
  const { config, userConfig } = hls;
  // hls.js's loaders read their configuration at each request. `config` also has the defaults of what nobody chose.
  const { xhrSetup, fetchSetup } = config;
  const added = hlsConfig(session, { ...userConfig, ...(xhrSetup && { xhrSetup }), ...(fetchSetup && { fetchSetup }) });
  const undo = MEMBERS.map((name) => replace(config, name, added[name]));
  return () => {
    for (const restore of undo) restore();
  };
}

function replace<Name extends keyof HlsConfig>(config: HlsConfig, name: Name, value: HlsConfig[Name]): () => void {
  const before = Object.getOwnPropertyDescriptor(config, name);
  config[name] = value;
  return () => {
    // What the page, or hls.js's end, has put there since stays.
    if (config[name] !== value) return;
    if (before) Object.defineProperty(config, name, before);
    else Reflect.deleteProperty(config, name);
  };
}

/**
 * Configuration for hls.js that puts the current token into every playlist and key request at the moment it is sent.
 *
 * A refused token (401, 403) is renewed once and the request repeated once. While the session has no token for a
 * transient reason, requests wait. What is permanent reaches hls.js at once, as a fatal network error.
 *
 * It cannot know who watches, nor what is left to load: the session counts as watched while the page is visible, and is
 * renewed for as long. {@link attachSession} knows both.
 *
 * @param session - Where the tokens come from.
 * @param overrides - More configuration. An `xhrSetup` runs after this one, with the request opened, and a `fetchSetup`
 *   gets the address with the token; the repeats of the three playlist and key policies (`errorRetry`) stay this
 *   function's own.
 * @throws `AnsdevError` `INVALID_OPTIONS` where `loader` or `pLoader` is not made from one of hls.js's own.
 *
 * @example
 * ```ts
 * const hls = new Hls(hlsConfig(session, { maxBufferLength: 10 }));
 * hls.loadSource(await session.manifestUrl());
 * hls.attachMedia(video);
 * ```
 */
export function hlsConfig(session: TokenSource, overrides: Partial<HlsConfig> = {}): Partial<HlsConfig> {
  for (const name of ["loader", "pLoader"] as const) {
    if (overrides[name] && !callsSetup(overrides[name])) {
      throw invalid(
        `The \`${name}\` is not made from one of hls.js's, so nothing can put tokens into its requests; expected a ` +
          "class that extends Hls.DefaultConfig.loader. For segments alone use `fLoader`: they need no token",
      );
    }
  }
  // By the playlist's URL, under which hls.js asks about repeats; only what is under way or has failed.
  const requests = new Map<string, Requests>();
  // hls.js calls `xhrSetup` a second time after it rejected: what is permanent would cost another mint.
  const refusals = new WeakMap<XMLHttpRequest, { error: unknown }>();
  // Key requests that nobody answered, since the last answer.
  let timeouts = 0;

  /** The address to ask for, as soon as there is a token. */
  async function prepare(url: string, isWanted: () => boolean): Promise<string> {
    const known = requests.get(url);
    if (known?.pause) await delay(known.pause);
    const sent = await persist(() => session.resolve(url), isWanted);
    if (isWanted()) requests.set(url, { sent, repeated: known?.repeated ?? false, pause: 0 });
    return sent;
  }

  async function fetchSetup(this: unknown, context: LoaderContext, init: RequestInit): Promise<Request> {
    const sent = await prepare(context.url, () => isLoading(this));
    const own = overrides.fetchSetup?.call(this, { ...context, url: sent }, init);
    return own ?? new Request(sent, init);
  }

  async function xhrSetup(this: unknown, xhr: XMLHttpRequest, url: string, context: LoaderContext): Promise<void> {
    const refusal = refusals.get(xhr);
    if (refusal) throw refusal.error;
    const isWanted = (): boolean => isLoading(this);
    const sent = await prepare(url, isWanted).catch((error: unknown) => {
      refusals.set(xhr, { error });
      throw error;
    });
    if (!isWanted()) return;
    // A stand-in that the page put in XMLHttpRequest's place may have no listeners: hls.js needs none.
    (xhr as Partial<XMLHttpRequest>).addEventListener?.("load", () => {
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
      // Also the second one: the session then knows that another token does not help, and says why.
      session.invalidate(sent);
      if (request.repeated) return false;
      request.repeated = true;
      return true;
    }
    // Below 400 something has come, but no key.
    const isTransient = status < 400 || status === 408 || status === 429 || status >= 500;
    request.pause = Math.min(FIRST_PAUSE * 2 ** count, MAX_PAUSE);
    return isTransient && count < MAX_RETRIES;
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
  const keyTimeoutRetry: RetryConfig = { ...errorRetry, shouldRetry: () => timeouts++ < MAX_TIMEOUTS };
  const policy = (defaults: Omit<LoaderConfig, "maxTimeToFirstByteMs">, own: LoadPolicy | undefined): LoadPolicy => ({
    default: { maxTimeToFirstByteMs: Infinity, ...defaults, ...own?.default, errorRetry: defaults.errorRetry },
  });
  const playlist = { maxLoadTimeMs: PLAYLIST_TIMEOUT, timeoutRetry: TIMEOUT_RETRY };
  const key = { maxLoadTimeMs: KEY_TIMEOUT, timeoutRetry: keyTimeoutRetry, errorRetry };
  sources.set(xhrSetup, session);
  return {
    ...overrides,
    xhrSetup,
    fetchSetup,
    manifestLoadPolicy: policy({ ...playlist, errorRetry }, overrides.manifestLoadPolicy),
    playlistLoadPolicy: policy({ ...playlist, errorRetry: renditionRetry }, overrides.playlistLoadPolicy),
    keyLoadPolicy: policy(key, overrides.keyLoadPolicy),
  };
}

/** Whether a loader is hls.js's, or extends one: those call `xhrSetup` or `fetchSetup`. */
function callsSetup(loader: HlsConfig["loader"]): boolean {
  return "loadInternal" in loader.prototype;
}

/** Whether the hls.js loader that `xhrSetup` has as its `this` still wants its request (its `base-loader.ts`). */
function isLoading(loader: unknown): boolean {
  const stats = (loader as { stats?: { aborted: boolean } | null } | undefined)?.stats;
  return stats !== null && !stats?.aborted;
}

// hls.js 1.6 does not say what it asks for.
function isKeyRequest(context: LoaderContext | KeyLoaderContext | undefined): boolean {
  return context !== undefined && "keyInfo" in context && context.keyInfo.decryptdata.method === "AES-128";
}

/**
 * Makes an answer that is no key count as none. hls.js would take a hotel's login page for a key, decrypt with it, and
 * keep it for the whole film; where nothing has come it asks `shouldRetry`.
 */
function hideOtherThanKeys(xhr: XMLHttpRequest): void {
  const prototype = Object.getPrototypeOf(xhr) as object;
  if (Object.hasOwn(xhr, "response")) return;
  try {
    // A stand-in that the page put in XMLHttpRequest's place may keep its answers elsewhere: it is left as it is.
    if (Reflect.get(prototype, "response", xhr) === undefined) return;
  } catch {
    // A proxy of one: the request itself is `this` below.
  }
  Object.defineProperty(xhr, "response", {
    configurable: true,
    get(this: XMLHttpRequest) {
      const response: unknown = Reflect.get(prototype, "response", this);
      return response instanceof ArrayBuffer && response.byteLength === KEY_LENGTH ? response : null;
    },
    set(value: unknown) {
      Object.defineProperty(xhr, "response", { value, writable: true });
    },
  });
}
