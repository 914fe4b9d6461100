import { delay } from "../platform/delay.js";

/** Milliseconds between two tries at least: the session paces itself, this only keeps an instant refusal from spinning. */
const MIN_PAUSE = 1_000;
const MAX_PAUSE = 30_000;

/**
 * Whether to go on asking a session that gave this error, for as long as somebody watches. A spent quota is excluded:
 * it may last until midnight, and the viewer should be told.
 */
export function isTransient(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { retryable, code } = error as { retryable?: unknown; code?: unknown };
  return retryable === true && code !== "RATE_LIMIT_EXCEEDED";
}

/**
 * Asks a session until it answers, gives a permanent error, or nobody wants the answer any more.
 *
 * A session waits about 10 seconds before it rejects with a transient error; a player would take that for the end.
 */
export async function persist<T>(ask: () => Promise<T>, isWanted: () => boolean): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isTransient(error)) throw error;
      const { retryAfter } = error as { retryAfter?: number | null };
      await delay(Math.min(Math.max((retryAfter ?? 0) * 1000, MIN_PAUSE), MAX_PAUSE));
      if (!isWanted()) throw error;
    }
  }
}
