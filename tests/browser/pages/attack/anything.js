/** A generator of numbers from 0 to below 1 that is the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chooses one of a list. */
export function chooser(next) {
  return (list) => list[Math.floor(next() * list.length)];
}

/** Makes any value that a message can carry; in some of them is one of `words`. */
export function anything(next, words) {
  const pick = chooser(next);
  const value = (depth = 0) =>
    pick([
      () => pick([0, 1, 2, -1, 1.5, NaN, Infinity, 2 ** 32, 2n, true, false, null, undefined]),
      () => pick(words),
      () => pick(["../../..", "//evil.example", "\0", "x".repeat(70_000), "x-ansdev-key", "vid_single_key"]),
      () =>
        pick([new Uint8Array(40), new ArrayBuffer(8), new Map([[1, words[0]]]), new Date(NaN), /x/, new Error("x")]),
      () => (depth > 2 ? null : Array.from({ length: Math.floor(next() * 4) }, () => value(depth + 1))),
      () =>
        depth > 2
          ? {}
          : {
              baseUrl: words[0],
              url: words[0],
              headers: value(depth + 1),
              key: value(depth + 1),
              code: value(depth + 1),
            },
    ])();
  return value;
}
