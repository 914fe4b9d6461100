import type shaka from "shaka-player";

import { invalid } from "../protocol/errors.js";
import { persist } from "./persist.js";
import { isRefusal, type TokenSource } from "./token-source.js";

/** `shaka.util.Error.Severity`: whether Shaka repeats the request by itself. */
const RECOVERABLE = 1;
const CRITICAL = 2;

/**
 * Puts the session's current token into every playlist and key request of a player, at the moment it is sent.
 *
 * A refused token (401, 403) is renewed once and the request repeated once, as one of the attempts that the player's
 * `retryParameters` allow. While the session has no token for a transient reason, requests wait. A permanent reason
 * ends the loading with Shaka's `REQUEST_FILTER_ERROR`, whose `data[0]` is the `AnsdevError`.
 *
 * @param player - A player that is not destroyed.
 * @param session - Where the tokens come from.
 * @returns Ends it: requests go out unchanged again. Call it before the player plays another session.
 * @throws `AnsdevError` `INVALID_OPTIONS` where the player was destroyed.
 *
 * @example
 * ```ts
 * const player = new shaka.Player();
 * attachSession(player, session);
 * await player.attach(video);
 * await player.load(await session.manifestUrl(), null, "application/vnd.apple.mpegurl");
 * ```
 */
export function attachSession(player: shaka.Player, session: TokenSource): () => void {
  const network = player.getNetworkingEngine();
  if (!network) throw invalid("The Shaka player has no networking engine; expected a player that is not destroyed");
  let isAttached = true;
  const repeated = new WeakSet<shaka.extern.Request>();

  // Shaka asks before each attempt, and waits for the promise.
  const onRequest: shaka.extern.RequestFilter = async (_type, request) => {
    const { uris } = request;
    const resolve = async (): Promise<string[]> => Promise.all(uris.map(async (uri) => session.resolve(uri)));
    request.uris = await persist(resolve, () => isAttached);
  };

  // It comes before Shaka decides whether to repeat the request.
  const onFailure = (event: Event): void => {
    const { error, request, httpResponseCode } = event as Event & DownloadFailed;
    if (error === null || !isRefusal(httpResponseCode)) return;
    error.severity = repeated.has(request) ? CRITICAL : RECOVERABLE;
    repeated.add(request);
    if (error.severity === RECOVERABLE) for (const uri of request.uris) session.invalidate(uri);
  };

  network.registerRequestFilter(onRequest);
  player.addEventListener("downloadfailed", onFailure);
  return () => {
    isAttached = false;
    player.getNetworkingEngine()?.unregisterRequestFilter(onRequest);
    player.removeEventListener("downloadfailed", onFailure);
  };
}

/** Shaka's event `downloadfailed`. */
interface DownloadFailed {
  request: shaka.extern.Request;
  error: shaka.util.Error | null;
  httpResponseCode: number;
}
