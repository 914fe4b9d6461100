interface PendingPlay {
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** The promises of `play()` that wait: HTML's list of pending play promises (section 4.8.11.8). */
export class PendingPlays {
  #waiting: PendingPlay[] = [];

  /** One more. */
  add(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** The video plays. */
  resolve(): void {
    for (const { resolve } of this.#take()) resolve();
  }

  /** It does not; without a reason, because it was paused, removed or given another source. */
  reject(reason: unknown = new DOMException("The video was paused before it could play", "AbortError")): void {
    for (const { reject } of this.#take()) reject(reason);
  }

  #take(): PendingPlay[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}
