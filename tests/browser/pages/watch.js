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

/** All times, longer than a second, in which a video that plays did not get on; in Unix milliseconds. */
export function watchClock(video) {
  let at = video.currentTime;
  let since = Date.now();
  const standstills = [];
  setInterval(() => {
    if (video.currentTime === at && !video.paused) return;
    const now = Date.now();
    if (now - since > 1_000) standstills.push({ from: since, to: now });
    at = video.currentTime;
    since = now;
  }, 100);
  return { standstills: () => [...standstills, { from: since, to: Date.now() }] };
}
