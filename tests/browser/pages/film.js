import "@ansdev/player/element";

import { watch } from "watch";

/** So little buffer that keys are asked for all along the film. */
const SMALL_BUFFER = { maxBufferLength: 4, maxMaxBufferLength: 4 };

/** Puts an `<ansdev-video>` into the page, and notes what happens to it. */
export function film(client, videoId, hlsConfig = SMALL_BUFFER) {
  const element = document.createElement("ansdev-video");
  const events = [];
  for (const type of ["playing", "ended", "error", "tokenrefreshing", "tokenrefreshed", "tokenerror"]) {
    element.addEventListener(type, (event) => {
      const error = type === "error" ? element.error : event.detail?.error;
      events.push({ type, at: element.currentTime, error: plain(error), willRetry: event.detail?.willRetry });
    });
  }
  Object.assign(element, { client, videoId, hlsConfig, muted: true, controls: true });
  element.width = 320;
  document.body.append(element);
  const { longestGap, gaps } = watch(element.nativeEl);
  const until = (...types) =>
    new Promise((resolve) => {
      for (const type of types) element.addEventListener(type, () => resolve(type), { once: true });
    });
  return { element, events, longestGap, gaps, until };
}

/** An error as something that Playwright can carry out of the page. */
export function plain(error) {
  if (!error) return null;
  const { name, code, message, retryable, fatal, status, retryAfter, videoId } = error;
  return { name, code, message, retryable, fatal, status, retryAfter, videoId, cause: plain(error.cause) };
}

/** What a promise was rejected with, in plain form; `null` where it was not. */
export async function rejection(promise) {
  return promise.then(
    () => null,
    (error) => plain(error),
  );
}
