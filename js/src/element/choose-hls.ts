import { type HlsConstructor, importHls } from "./load-hls.js";
import { unsupported } from "../protocol/errors.js";
import { ownGlobal } from "../platform/natives.js";

/** The oldest hls.js that hands `xhrSetup` all that this package needs: it waits for promises and asks `shouldRetry`. */
const OLDEST = [1, 6] as const;

/**
 * What plays: hls.js wherever Media Source Extensions exist, even where the browser claims HLS of its own, which
 * cannot put tokens into key requests. `null`: the browser's own HLS, for want of anything better.
 *
 * A `Hls` of the page is used if it can be; it may be there for something else. One that was handed in is judged.
 *
 * @throws {@link AnsdevError} `UNSUPPORTED` where nothing can play, or the hls.js that was handed in is too old.
 */
export async function chooseHls(
  handedIn: HlsConstructor | null,
  video: HTMLVideoElement,
): Promise<HlsConstructor | null> {
  if (ownGlobal("MediaSource") === undefined && ownGlobal("ManagedMediaSource") === undefined) {
    if (video.canPlayType("application/vnd.apple.mpegurl")) return null;
    throw unsupported("This browser has neither Media Source Extensions nor HLS of its own; it cannot play the video");
  }
  if (handedIn !== null) {
    if (isUsable(handedIn)) return handedIn;
    throw unsupported(`hls.js ${versionOf(handedIn)} cannot be used; expected ${OLDEST.join(".")} or a later 1.x`);
  }
  const ofPage = ownGlobal("Hls");
  return isUsable(ofPage) ? ofPage : importHls();
}

function isUsable(Hls: unknown): Hls is HlsConstructor {
  if (typeof Hls !== "function") return false;
  const [major = 0, minor = 0] = versionOf(Hls).split(".").map(Number);
  return major === OLDEST[0] && minor >= OLDEST[1];
}

function versionOf(Hls: unknown): string {
  return String((Hls as Partial<HlsConstructor>).version);
}
