import { invalid } from "../protocol/errors.js";
import { attached, forget, remember } from "./attachments.js";
import { Viewer } from "./audience.js";
import { persist } from "./persist.js";
import { PlaylistNeeds } from "./playlist-needs.js";
import { isRefusal, type TokenSource } from "./token-source.js";
import { followVideo } from "./watched.js";

/** What the adapter uses of a request of Shaka's (`shaka.extern.Request`). */
export interface ShakaRequest {
  /** Where it may be answered. */
  uris: string[];
}

/** What the adapter uses of an answer (`shaka.extern.Response`). */
export interface ShakaResponse {
  /** The request as it was sent. */
  originalRequest: ShakaRequest;
  /** Where the answer came from. */
  uri: string;
  /** Its body. */
  data: ArrayBuffer | ArrayBufferView;
}

/** Called before each request. */
export type ShakaRequestFilter = (type: number, request: ShakaRequest) => Promise<void> | void;
/** Called after each answer. */
export type ShakaResponseFilter = (type: number, response: ShakaResponse) => Promise<void> | void;

/** What the adapter uses of Shaka's networking engine. */
export interface ShakaNetworking {
  /** Adds a filter. */
  registerRequestFilter(filter: ShakaRequestFilter): void;
  /** Adds a filter. */
  registerResponseFilter(filter: ShakaResponseFilter): void;
  /** Takes it away. */
  unregisterRequestFilter(filter: ShakaRequestFilter): void;
  /** Takes it away. */
  unregisterResponseFilter(filter: ShakaResponseFilter): void;
}

/** What the adapter uses of a Shaka Player: a `shaka.Player` is one. Its own types cannot be read by every compiler. */
export interface ShakaPlayer {
  /** `null` once it is destroyed. */
  getNetworkingEngine(): ShakaNetworking | null;
  /** The video that it plays in. */
  getMediaElement(): HTMLMediaElement | null;
  /** Listens. */
  addEventListener(type: string, listener: (event: Event) => void): void;
  /** Listens no more. */
  removeEventListener(type: string, listener: (event: Event) => void): void;
}

/** `shaka.util.Error.Severity`: whether Shaka repeats the request by itself. */
const RECOVERABLE = 1;
const CRITICAL = 2;

/**
 * Puts the session's current token into every playlist and key request of a player, at the moment it is sent, and
 * follows the player: nothing is renewed while the video is paused, ended, or hidden and silent, nor once all that needs
 * a token is loaded.
 *
 * A refused token (401, 403) is renewed once and the request repeated once, as one of the attempts that the player's
 * `retryParameters` allow. While the session has no token for a transient reason, requests wait. A permanent reason
 * ends the loading with Shaka's `REQUEST_FILTER_ERROR`, whose `data[0]` is the `AnsdevError`.
 *
 * @param player - A player that is not destroyed.
 * @param session - Where the tokens come from.
 * @returns Ends it: requests go out unchanged again. Call it before the player plays another session. The player's
 *   `destroy()` ends it too.
 * @throws `AnsdevError` `INVALID_OPTIONS` where the player was destroyed, or plays another session. Attaching the same
 *   session again is attaching it once.
 *
 * @example
 * ```ts
 * const player = new shaka.Player();
 * attachSession(player, session);
 * await player.attach(video);
 * await player.load(await session.manifestUrl(), null, "application/vnd.apple.mpegurl");
 * ```
 */
export function attachSession(player: ShakaPlayer, session: TokenSource): () => void {
  const network = player.getNetworkingEngine();
  if (!network) throw invalid("The Shaka player has no networking engine; expected a player that is not destroyed");
  const known = attached(player, session);
  if (known) return known;
  let isAttached = true;
  const repeated = new WeakSet<ShakaRequest>();
  const viewer = new Viewer(session);
  const needs = new PlaylistNeeds();
  // What Shaka asked for, before a token was put in.
  const asked = new WeakMap<ShakaRequest, string>();

  // Shaka asks before each attempt, and waits for the promise.
  const onRequest: ShakaRequestFilter = async (_type, request) => {
    const { uris } = request;
    if (!asked.has(request)) asked.set(request, uris[0] ?? "");
    const resolve = async (): Promise<string[]> => Promise.all(uris.map(async (uri) => session.resolve(uri)));
    request.uris = await persist(resolve, () => isAttached);
  };

  const onResponse: ShakaResponseFilter = (_type, { originalRequest, uri, data }) => {
    const text = playlistText(data);
    const url = asked.get(originalRequest) ?? uri;
    if (text === undefined) needs.otherLoaded(url);
    else needs.playlistLoaded(url, uri, text);
    viewer.setNeeded(needs.isNeeded);
  };
  const onLoading = (): void => {
    needs.reset();
    viewer.setNeeded(true);
  };

  let video: HTMLMediaElement | null = null;
  let endVideo = (): void => undefined;
  // It changes with the player's states, and there is none any more when the player was destroyed.
  const onState = (): void => {
    const current = player.getMediaElement();
    if (current === video) return;
    endVideo();
    video = current;
    if (video) {
      endVideo = followVideo(video, (isWatched) => {
        if (player.getNetworkingEngine() === network) viewer.setActive(isWatched);
        else detach();
      });
    } else {
      viewer.setActive(false);
    }
  };

  // It comes before Shaka decides whether to repeat the request.
  const onFailure = (event: Event): void => {
    const { error, request, httpResponseCode } = event as unknown as DownloadFailed;
    if (error === null || !isRefusal(httpResponseCode)) return;
    error.severity = repeated.has(request) ? CRITICAL : RECOVERABLE;
    repeated.add(request);
    // Also of the repeat: the session then knows that a new token does not help either.
    for (const uri of request.uris) session.invalidate(uri);
  };

  network.registerRequestFilter(onRequest);
  network.registerResponseFilter(onResponse);
  player.addEventListener("downloadfailed", onFailure);
  player.addEventListener("loading", onLoading);
  player.addEventListener("onstatechange", onState);
  viewer.setActive(false);
  onState();
  return remember(player, session, detach);

  function detach(): void {
    forget(player, detach);
    isAttached = false;
    endVideo();
    viewer.leave();
    const engine = player.getNetworkingEngine();
    engine?.unregisterRequestFilter(onRequest);
    engine?.unregisterResponseFilter(onResponse);
    player.removeEventListener("downloadfailed", onFailure);
    player.removeEventListener("loading", onLoading);
    player.removeEventListener("onstatechange", onState);
  }
}

/** The text of an answer that is a playlist (RFC 8216, section 4.3.1.1); `undefined` for any other. */
function playlistText(data: ArrayBuffer | ArrayBufferView): string | undefined {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  const text = bytes[0] === 0x23 || bytes[0] === 0xef ? new TextDecoder().decode(bytes) : "";
  return text.startsWith("#EXTM3U") ? text : undefined;
}

/** Shaka's event `downloadfailed`. */
interface DownloadFailed {
  request: ShakaRequest;
  error: { severity: number } | null;
  httpResponseCode: number;
}
