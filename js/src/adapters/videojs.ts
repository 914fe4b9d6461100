import { attached, forget, remember } from "./attachments.js";
import { Viewer } from "./audience.js";
import { persist } from "./persist.js";
import { PlaylistNeeds } from "./playlist-needs.js";
import { isRefusal, type TokenSource } from "./token-source.js";
import { followVideo } from "./watched.js";

/** What the adapter uses of a player of video.js. Its own types cannot be read by every compiler. */
export interface VideoJsPlayer {
  /** Shows an error, and remembers it. */
  error(error: unknown): unknown;
  /** What plays; VHS is in it. */
  tech(safety: unknown): unknown;
  /** Finds an element of the player's. */
  $(selector: string): unknown;
  /** Listens. */
  on(type: string, listener: (...args: never[]) => void): unknown;
  /** Listens no more. */
  off(type: string, listener: (...args: never[]) => void): unknown;
  /** Whether it is gone. */
  isDisposed(): boolean;
}

/** What VHS is about to request. */
interface VhsRequest {
  uri: string;
  method?: string;
  headers?: Record<string, string>;
  beforeSend?: (xhr: XMLHttpRequest) => void;
}

/** The hooks of VHS (its README, "xhr-hooks-ready"). */
interface VhsTech {
  vhs?: {
    xhr: Record<"onRequest" | "offRequest", (hook: (request: VhsRequest) => VhsRequest) => void>;
    /** Its README, "cacheEncryptionKeys". */
    options_?: { cacheEncryptionKeys?: boolean };
  };
}

/**
 * Puts the session's current token into every playlist and key request of a player, at the moment it is sent, and
 * follows the player: nothing is renewed while the video is paused, ended, or hidden and silent, nor once all that needs
 * a token is loaded. For that VHS keeps keys that it has loaded (`cacheEncryptionKeys`); by default it asks for a
 * segment's key with each segment.
 *
 * Call it before `player.src(…)`. On Safari the player needs `html5: { vhs: { overrideNative: true } }`, because the browser's
 * own HLS cannot put a token into key requests.
 *
 * A refused token (401, 403) is renewed once and the request repeated once. While the session has no token for a
 * transient reason, requests wait. A permanent reason becomes `player.error()`, with the `AnsdevError` as its
 * `cause`, and nothing more is requested before the next `player.src(…)`.
 *
 * @param player - The player.
 * @param session - Where the tokens come from.
 * @returns Ends it: requests go out unchanged again. Call it before the player plays another session.
 * @throws `AnsdevError` `INVALID_OPTIONS` where the player plays another session. Attaching the same session again is
 *   attaching it once.
 *
 * @example
 * ```ts
 * const player = videojs("film");
 * attachSession(player, session);
 * player.src({ src: await session.manifestUrl(), type: "application/x-mpegURL" });
 * ```
 */
export function attachSession(player: VideoJsPlayer, session: TokenSource): () => void {
  const known = attached(player, session);
  if (known) return known;
  let hasFailed = false;
  const fail = (error: unknown): void => {
    hasFailed = true;
    player.error({ code: MEDIA_ERR_NETWORK, message: String(error), cause: error });
  };
  const viewer = new Viewer(session);
  const needs = new PlaylistNeeds();
  let endVideo = (): void => undefined;
  const onLoaded = (uri: string, xhr: XMLHttpRequest): void => {
    const isText = xhr.responseType === "" || xhr.responseType === "text";
    const text = isText ? xhr.responseText : "";
    if (text.trimStart().startsWith("#EXTM3U")) needs.playlistLoaded(uri, xhr.responseURL || uri, text);
    else if (xhr.status < 400) needs.otherLoaded(uri);
    viewer.setNeeded(needs.isNeeded);
  };
  const onRequest = (request: VhsRequest): VhsRequest => ({
    ...request,
    beforeSend: (xhr) => {
      request.beforeSend?.(xhr);
      // VHS would ask for the same again and again.
      if (hasFailed) xhr.send = () => undefined;
      else postpone(xhr, request, session, { fail, onLoaded });
    },
  });
  const hooks = (): VhsTech["vhs"] => (player.tech(true) as VhsTech | undefined)?.vhs;
  // Each source has an engine of its own.
  const onReady = (): void => {
    hasFailed = false;
    needs.reset();
    viewer.setNeeded(true);
    const vhs = hooks();
    vhs?.xhr.onRequest(onRequest);
    if (vhs?.options_) vhs.options_.cacheEncryptionKeys = true;
  };
  // A source may come with another video element.
  const onSource = (): void => {
    endVideo();
    const video = player.$("video") as HTMLVideoElement | null;
    if (!video) return;
    endVideo = followVideo(video, (isWatched) => {
      viewer.setActive(isWatched);
    });
  };
  player.on("xhr-hooks-ready", onReady);
  player.on("loadstart", onSource);
  player.on("dispose", detach);
  viewer.setActive(false);
  onSource();
  return remember(player, session, detach);

  function detach(): void {
    forget(player, detach);
    player.off("xhr-hooks-ready", onReady);
    player.off("loadstart", onSource);
    player.off("dispose", detach);
    endVideo();
    viewer.leave();
    if (!player.isDisposed()) hooks()?.xhr.offRequest(onRequest);
  }
}

/** `MediaError.MEDIA_ERR_NETWORK`. */
const MEDIA_ERR_NETWORK = 2;

/** Has a request that is open wait for its URL before it is sent: hooks of VHS are synchronous, tokens are not. */
function postpone(
  xhr: XMLHttpRequest,
  { uri, method = "GET", headers = {} }: VhsRequest,
  session: TokenSource,
  { fail, onLoaded }: { fail: (error: unknown) => void; onLoaded: (uri: string, xhr: XMLHttpRequest) => void },
): void {
  const { onload, onreadystatechange } = xhr;
  const send = xhr.send.bind(xhr);
  const abort = xhr.abort.bind(xhr);
  let isAborted = false;
  let isRepeat = false;
  let sent = "";

  const start = async (): Promise<void> => {
    sent = await persist(
      async () => session.resolve(uri),
      () => !isAborted,
    );
    if (isAborted) return;
    xhr.open(method, sent, true);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    send();
  };
  const startOrFail = (): void => {
    start().catch((error: unknown) => {
      if (!isAborted) fail(error);
    });
  };
  const isRefused = (): boolean => xhr.readyState === XMLHttpRequest.DONE && isRefusal(xhr.status);
  const isToBeRepeated = (): boolean => isRefused() && !isRepeat;

  xhr.send = startOrFail;
  xhr.abort = () => {
    isAborted = true;
    abort();
  };
  xhr.onreadystatechange = (event) => {
    if (!isToBeRepeated()) onreadystatechange?.call(xhr, event);
  };
  xhr.onload = (event) => {
    // Also of the repeat: the session then knows that a new token does not help either.
    if (isRefused()) session.invalidate(sent);
    if (!isToBeRepeated()) {
      if (!isAborted) onLoaded(uri, xhr);
      onload?.call(xhr, event);
      return;
    }
    isRepeat = true;
    startOrFail();
  };
}
