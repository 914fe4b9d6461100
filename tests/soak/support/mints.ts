import type { Entry } from "../../browser/support/mock.ts";

/** The part of a token's life that has passed before the next is minted: all but a tenth and 5 % (rule 2). */
const MIN_AGE = 0.85;

/** A time in which a film was paused, in Unix milliseconds. */
export interface Pause {
  from: number;
  to: number;
}

/** The mints that gave a token. */
export function granted(journal: Entry[]): Entry[] {
  return journal.filter(({ route, method, status }) => route === "mint" && method === "POST" && status === 200);
}

/**
 * How many mints there were beyond what the rules allow each key and video: a first one, one more each time that 85 % of
 * a life have passed, and one for each of the `refusals`. `life` in milliseconds.
 */
export function excess(journal: Entry[], life: number, refusals: number): number {
  const sum = [...ofEach(journal).values()].reduce((sum, mints) => {
    const allowed = 1 + Math.ceil(span(mints) / (life * MIN_AGE));
    return sum + Math.max(0, mints.length - allowed);
  }, 0);
  return Math.max(0, sum - refusals);
}

/**
 * Mints less than half a life after the last of the same key and video, beyond one for each of the `refusals`: double
 * ones. Not a whole life, because a busy browser may send one late and the next in time.
 */
export function double(journal: Entry[], life: number, refusals: number): number {
  const close = [...ofEach(journal).values()].flatMap((mints) =>
    mints.filter((at, index) => at - (mints[index - 1] ?? -Infinity) < life / 2),
  );
  return Math.max(0, close.length - refusals);
}

/** Mints for a film that nobody watched. What its player still loads for its buffer may take one token's life. */
export function whilePaused(journal: Entry[], videoId: string, pauses: Pause[], life: number): number {
  const mints = granted(journal).filter(({ path }) => path.includes(`/${videoId}/`));
  return mints.filter(({ at }) => pauses.some(({ from, to }) => at > from + life && at < to)).length;
}

/** What a request is refused with whose token was good when it was sent, and ended on the way. */
const ENDED = "PLAYBACK_TOKEN_EXPIRED";

/** Requests whose token ended on their way: a fault holds one up for longer than a token of three seconds has left. */
export function late(journal: Entry[]): number {
  return journal.filter(({ errorCode }) => errorCode === ENDED).length;
}

/** Requests that were refused for another reason, and not by a fault. */
export function refused(journal: Entry[]): number {
  return journal.filter(({ errorCode }) => errorCode !== null && errorCode !== ENDED && errorCode !== "MOCK_FAULT")
    .length;
}

/** When each key and video was minted for, in Unix milliseconds and in this order. */
function ofEach(journal: Entry[]): Map<string, number[]> {
  const mints = new Map<string, number[]>();
  for (const { keyPrefix, path, at } of granted(journal)) {
    const of = `${String(keyPrefix)} ${path}`;
    mints.set(
      of,
      [...(mints.get(of) ?? []), at].sort((one, other) => one - other),
    );
  }
  return mints;
}

function span(mints: number[]): number {
  return (mints.at(-1) ?? 0) - (mints[0] ?? 0);
}
