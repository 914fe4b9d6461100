/**
 * Watches a video's pictures. What is shown counts, not what is downloaded.
 *
 * `longestGap()` is the longest time, in seconds, that passed between two pictures since the first one; `gaps()` are
 * all that took longer than a second, each with the Unix milliseconds when it began and when it ended.
 */
export function watch(video) {
  let last;
  let longest = 0;
  const gaps = [];
  const onFrame = (now) => {
    if (last !== undefined) {
      longest = Math.max(longest, now - last);
      if (now - last > 1_000) gaps.push({ from: performance.timeOrigin + last, to: performance.timeOrigin + now });
    }
    last = now;
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  return { longestGap: () => longest / 1000, gaps: () => gaps };
}
