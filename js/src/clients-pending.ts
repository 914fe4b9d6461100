import { delay } from "./delay.js";

/** Milliseconds from a page's last step towards a client to the moment when its elements should have it. */
const ONE_RENDER = 100;

const pending = new Set<Promise<unknown>>();

/** Remembers that a client is being created, until it is or could not be. */
export function whilePending<T>(creation: Promise<T>): Promise<T> {
  pending.add(creation);
  const forget = (): void => {
    pending.delete(creation);
  };
  creation.then(forget, forget);
  return creation;
}

/** Resolves when an element that still has no client will not get one by what the page has begun. */
export async function noClientPending(signal: AbortSignal): Promise<void> {
  if (document.readyState === "loading") {
    await new Promise((resolve) => {
      document.addEventListener("DOMContentLoaded", resolve, { once: true, signal });
    });
  }
  await delay(ONE_RENDER, signal);
  while (pending.size && !signal.aborted) {
    await Promise.allSettled(pending);
    await delay(ONE_RENDER, signal);
  }
}
