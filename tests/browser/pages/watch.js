/**
 * Watches a video's pictures. What is shown counts, not what is downloaded.
 *
 * `longestGap()` is the longest time, in seconds, that passed between two pictures since the first one; `gaps()` are
 * all that took longer than a second, each with the Unix milliseconds when it began and when it ended; one that has not
 * ended yet ends now.
 */
export function watch(video) {
  let last;
  let longest = 0;
  const long = [];
  const since = (now) => (last === undefined || now - last < 1_000 ? [] : [{ from: onClock(last), to: onClock(now) }]);
  const onFrame = (now) => {
    if (last !== undefined) longest = Math.max(longest, now - last);
    long.push(...since(now));
    last = now;
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  return { longestGap: () => longest / 1000, gaps: () => [...long, ...since(performance.now())] };
}

/** A time of `performance.now()` by the wall clock. */
function onClock(milliseconds) {
  return performance.timeOrigin + milliseconds;
}
