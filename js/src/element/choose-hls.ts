import { type HlsConstructor, importHls } from "./load-hls.js";
import { unsupported } from "../protocol/errors.js";

/** The oldest hls.js that hands `xhrSetup` all that this package needs: it waits for promises and asks `shouldRetry`. */
const OLDEST = [1, 6] as const;

/**
 * What plays: hls.js wherever Media Source Extensions exist, even where the browser claims HLS of its own, which
 * cannot put tokens into key requests. `null`: the browser's own HLS, for want of anything better.
 *
 * @throws {@link AnsdevError} `UNSUPPORTED` where nothing can play, or the hls.js at hand is too old.
 */
export async function chooseHls(
  handedIn: HlsConstructor | null,
  video: HTMLVideoElement,
): Promise<HlsConstructor | null> {
  const scope = globalThis as { MediaSource?: unknown; ManagedMediaSource?: unknown; Hls?: HlsConstructor };
  if (scope.MediaSource === undefined && scope.ManagedMediaSource === undefined) {
    if (video.canPlayType("application/vnd.apple.mpegurl")) return null;
    throw unsupported("This browser has neither Media Source Extensions nor HLS of its own; it cannot play the video");
  }
  const Hls = handedIn ?? scope.Hls ?? (await importHls());
  const [major = 0, minor = 0] = Hls.version.split(".").map(Number);
  if (major !== OLDEST[0] || minor < OLDEST[1]) {
    throw unsupported(`hls.js ${Hls.version} cannot be used; expected ${OLDEST.join(".")} or a later 1.x`);
  }
  return Hls;
}
