/**
 * Watches a video's pictures: `longestGap()` is the longest time, in seconds, that passed between two pictures since
 * the first one. What is shown counts, not what is downloaded.
 */
export function watch(video) {
  let last;
  let longest = 0;
  const onFrame = (now) => {
    if (last !== undefined) longest = Math.max(longest, now - last);
    last = now;
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  return { longestGap: () => longest / 1000 };
}
