/** Waits for some milliseconds, or less where the signal is aborted meanwhile. */
export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
}

const signals = globalThis.AbortSignal as Partial<typeof AbortSignal> | undefined;

/**
 * Calls back after some milliseconds. Where the browser has another way than a timer: some pages clear every timer that
 * there is, and a watchdog has to outlive that.
 */
export function after(milliseconds: number, then: () => void): void {
  if (signals?.timeout) signals.timeout(milliseconds).addEventListener("abort", then);
  else setTimeout(then, milliseconds);
}
