import type { AnsdevVideoElement } from "../element/video-element.js";

/** Seconds that one press of a key seeks, unless the system says how many. */
const STEP = 10;

/**
 * Tells the system what plays, for its own controls: on a lock screen, on headphones (W3C Media Session). The one that
 * played last has them.
 */
export function tellSystem(media: AnsdevVideoElement): void {
  const { mediaSession } = navigator as Partial<Navigator>;
  if (mediaSession === undefined) return;
  let titled: string | null = null;
  let title = "";
  const tell = (): void => {
    mediaSession.metadata = title ? new MediaMetadata({ title }) : null;
  };
  const ask = async (): Promise<void> => {
    const { client, videoId } = media;
    if (videoId === titled) return;
    titled = videoId;
    title = "";
    // A client that gets its tokens from a server may list nothing: then the system shows the page's title.
    const video = videoId === null ? undefined : await client?.videos.get(videoId).catch(() => undefined);
    if (videoId !== media.videoId) return;
    title = video?.title ?? "";
    if (!media.paused) tell();
  };
  const seek = (seconds: number): void => {
    media.currentTime = Math.max(0, Math.min(media.duration || 0, media.currentTime + seconds));
  };
  const actions: [MediaSessionAction, MediaSessionActionHandler][] = [
    ["play", () => void media.play().catch(() => undefined)],
    [
      "pause",
      () => {
        media.pause();
      },
    ],
    [
      "seekbackward",
      ({ seekOffset }) => {
        seek(-(seekOffset ?? STEP));
      },
    ],
    [
      "seekforward",
      ({ seekOffset }) => {
        seek(seekOffset ?? STEP);
      },
    ],
    [
      "seekto",
      ({ seekTime }) => {
        seek((seekTime ?? 0) - media.currentTime);
      },
    ],
  ];
  const take = (): void => {
    tell();
    void ask();
    for (const [action, handler] of actions) mediaSession.setActionHandler(action, handler);
  };
  media.addEventListener("playing", take);
  if (!media.paused) take();
}
