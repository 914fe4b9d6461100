/** Events of a media element after which {@link isWatched} may have changed. */
export const ACTIVITY_EVENTS = [
  "play",
  "playing",
  "pause",
  "ended",
  "seeking",
  "volumechange",
  "enterpictureinpicture",
  "leavepictureinpicture",
];

/**
 * Whether somebody can see or hear a video: nobody watches what is paused, at its end, or hidden and silent.
 *
 * @param host - The element that the document knows as the one in the picture-in-picture window.
 */
export function isWatched({ paused, ended, muted, volume }: HTMLVideoElement, host: Element): boolean {
  const isSilent = muted || volume === 0;
  const isShown = document.visibilityState === "visible" || document.pictureInPictureElement === host;
  return !paused && !ended && (isShown || !isSilent);
}
