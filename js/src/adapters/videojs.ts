import type videojs from "video.js";

import { persist } from "./persist.js";
import { isRefusal, type TokenSource } from "./token-source.js";

/** A player of video.js. */
export type VideoJsPlayer = ReturnType<typeof videojs>;

/** What VHS is about to request. */
interface VhsRequest {
  uri: string;
  method?: string;
  headers?: Record<string, string>;
  beforeSend?: (xhr: XMLHttpRequest) => void;
}

/** The hooks of VHS (its README, "xhr-hooks-ready"). */
interface VhsTech {
  vhs?: { xhr: Record<"onRequest" | "offRequest", (hook: (request: VhsRequest) => VhsRequest) => void> };
}

/**
 * Puts the session's current token into every playlist and key request of a player, at the moment it is sent. Call it
 * before `player.src(…)`. On Safari the player needs `html5: { vhs: { overrideNative: true } }`, because the browser's
 * own HLS cannot put a token into key requests.
 *
 * A refused token (401, 403) is renewed once and the request repeated once. While the session has no token for a
 * transient reason, requests wait. A permanent reason becomes `player.error()`, with the `AnsdevError` as its
 * `cause`, and nothing more is requested before the next `player.src(…)`.
 *
 * @param player - The player.
 * @param session - Where the tokens come from.
 * @returns Ends it: requests go out unchanged again. Call it before the player plays another session.
 *
 * @example
 * ```ts
 * const player = videojs("film");
 * attachSession(player, session);
 * player.src({ src: await session.manifestUrl(), type: "application/x-mpegURL" });
 * ```
 */
export function attachSession(player: VideoJsPlayer, session: TokenSource): () => void {
  let hasFailed = false;
  const fail = (error: unknown): void => {
    hasFailed = true;
    player.error({ code: MEDIA_ERR_NETWORK, message: String(error), cause: error } as never);
  };
  const onRequest = (request: VhsRequest): VhsRequest => ({
    ...request,
    beforeSend: (xhr) => {
      request.beforeSend?.(xhr);
      // VHS would ask for the same again and again.
      if (hasFailed) xhr.send = () => undefined;
      else postpone(xhr, request, session, fail);
    },
  });
  const hooks = (): VhsTech["vhs"] => (player.tech(true) as unknown as VhsTech | undefined)?.vhs;
  // Each source has an engine of its own.
  const onReady = (): void => {
    hasFailed = false;
    hooks()?.xhr.onRequest(onRequest);
  };
  player.on("xhr-hooks-ready", onReady);
  return () => {
    player.off("xhr-hooks-ready", onReady);
    if (!player.isDisposed()) hooks()?.xhr.offRequest(onRequest);
  };
}

/** `MediaError.MEDIA_ERR_NETWORK`. */
const MEDIA_ERR_NETWORK = 2;

/** Has a request that is open wait for its URL before it is sent: hooks of VHS are synchronous, tokens are not. */
function postpone(
  xhr: XMLHttpRequest,
  { uri, method = "GET", headers = {} }: VhsRequest,
  session: TokenSource,
  fail: (error: unknown) => void,
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
  const isToBeRepeated = (): boolean => xhr.readyState === XMLHttpRequest.DONE && isRefusal(xhr.status) && !isRepeat;

  xhr.send = startOrFail;
  xhr.abort = () => {
    isAborted = true;
    abort();
  };
  xhr.onreadystatechange = (event) => {
    if (!isToBeRepeated()) onreadystatechange?.call(xhr, event);
  };
  xhr.onload = (event) => {
    if (!isToBeRepeated()) {
      onload?.call(xhr, event);
      return;
    }
    isRepeat = true;
    session.invalidate(sent);
    startOrFail();
  };
}
