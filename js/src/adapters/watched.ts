import { isShown, listenUntil } from "../platform/page.js";

/** Events of a media element after which {@link isWatched} may have changed. */
export const ACTIVITY_EVENTS = [
  "play",
  "playing",
  "pause",
  "ended",
  "emptied",
  "seeking",
  "volumechange",
  "enterpictureinpicture",
  "leavepictureinpicture",
];

/** Whether somebody can see or hear a video: nobody watches what is paused, at its end, or hidden and silent. */
export function isWatched(video: HTMLMediaElement): boolean {
  const { paused, ended, muted, volume, ownerDocument } = video;
  const isSilent = muted || volume === 0;
  // A document knows only the outermost host of the shadow trees around the video.
  const { pictureInPictureElement } = video.getRootNode() as Document | ShadowRoot;
  const isSeen = isShown(ownerDocument) || pictureInPictureElement === video;
  return !paused && !ended && (isSeen || !isSilent);
}

/**
 * Tells at once, and after each change, whether somebody watches a video.
 *
 * @returns Ends it.
 */
export function followVideo(video: HTMLMediaElement, tell: (isWatched: boolean) => void): () => void {
  const life = new AbortController();
  const look = (): void => {
    tell(isWatched(video));
  };
  for (const type of ACTIVITY_EVENTS) video.addEventListener(type, look, { signal: life.signal });
  listenUntil(life.signal, video.ownerDocument, "visibilitychange", look);
  look();
  return () => {
    life.abort();
  };
}
