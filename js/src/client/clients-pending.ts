import { delay } from "../platform/delay.js";
import { isRead, listenUntil } from "../platform/page.js";

/** Milliseconds that a page has for its next step towards a client: frameworks come to life, then render. */
const STEP = 1_000;

const pending = new Set<Promise<unknown>>();
/** The latest client that could not be created: why, and when, in milliseconds of `performance.now()`. */
let failure: { error: unknown; at: number } | undefined;

/** Remembers that a client is being created, until it is or could not be. */
export function whilePending<T>(creation: Promise<T>): Promise<T> {
  pending.add(creation);
  const settled = (outcome?: typeof failure): void => {
    pending.delete(creation);
    failure = outcome;
  };
  creation.then(
    () => {
      settled();
    },
    (error: unknown) => {
      settled({ error, at: performance.now() });
    },
  );
  return creation;
}

/**
 * Resolves when an element that still has no client will not get one by what the page has begun: to the error with
 * which that failed, if it did. What failed long before says nothing of this element.
 */
export async function noClientPending(signal: AbortSignal): Promise<unknown> {
  const since = performance.now() - STEP;
  if (!isRead(document)) {
    await new Promise((resolve) => {
      listenUntil(signal, document, "DOMContentLoaded", resolve);
    });
  }
  await delay(STEP, signal);
  while (pending.size && !signal.aborted) {
    await Promise.allSettled(pending);
    await delay(STEP, signal);
  }
  return failure && failure.at > since ? failure.error : undefined;
}
