/** Milliseconds from the navigation to the first picture on the screen. */
export function firstFrame(video) {
  return new Promise((resolve) => video.requestVideoFrameCallback((now) => resolve(now)));
}
