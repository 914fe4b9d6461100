import { delay } from "../platform/delay.js";

/** Milliseconds in which a page that has been read begins to create its client: frameworks first bring it to life. */
const FIRST_STEP = 1_000;
/** Milliseconds from a page's last step towards a client to the moment when its elements should have it. */
const ONE_RENDER = 100;

const pending = new Set<Promise<unknown>>();
/** Why the page's latest client could not be created. */
let failure: unknown;

/** Remembers that a client is being created, until it is or could not be. */
export function whilePending<T>(creation: Promise<T>): Promise<T> {
  pending.add(creation);
  const settled = (error?: unknown): void => {
    pending.delete(creation);
    failure = error;
  };
  creation.then(() => {
    settled();
  }, settled);
  return creation;
}

/**
 * Resolves when an element that still has no client will not get one by what the page has begun: to the error with
 * which that failed, if it did.
 */
export async function noClientPending(signal: AbortSignal): Promise<unknown> {
  if (document.readyState === "loading") {
    await new Promise((resolve) => {
      document.addEventListener("DOMContentLoaded", resolve, { once: true, signal });
    });
  }
  const isUnderWay = pending.size > 0 || failure !== undefined;
  await delay(isUnderWay ? ONE_RENDER : FIRST_STEP, signal);
  while (pending.size && !signal.aborted) {
    await Promise.allSettled(pending);
    await delay(ONE_RENDER, signal);
  }
  return failure;
}
