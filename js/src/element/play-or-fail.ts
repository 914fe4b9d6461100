import type { PlaybackError } from "./playback-error.js";

/** Plays; rejects when the host errs meanwhile, of which the video element itself never hears. */
export async function playOrFail(
  video: HTMLVideoElement,
  host: HTMLElement & { readonly error: MediaError | PlaybackError | null },
): Promise<void> {
  const done = new AbortController();
  const failed = new Promise<never>((_resolve, reject) => {
    const onError = (): void => {
      reject(rejection(host.error));
    };
    host.addEventListener("error", onError, { signal: done.signal });
  });
  try {
    await Promise.race([video.play(), failed]);
  } finally {
    done.abort();
  }
}

/** What `play()` rejects with: the AnsdevError behind the element's error, where there is one. */
export function rejection(error: MediaError | PlaybackError | null): Error {
  if (!(error instanceof Error)) return new DOMException(error?.message ?? "The video failed", "NotSupportedError");
  return error.cause ?? error;
}
