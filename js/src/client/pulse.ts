import { after } from "../platform/delay.js";
import { isVisible } from "./activity.js";
import { monotonicNow, whenFree } from "../platform/natives.js";

/** Seconds, awake and in sight, in which a Worker that lives has answered a ping. */
const TIMEOUT = 6;

/**
 * Notices that a Worker has ended without an event, as iOS does with those of pages in the background.
 *
 * After whatever it is sent it must say something, and is pinged each second until it does. Seconds are counted one by
 * one, and not while its lock is held: a page that stood still for a minute has waited for one. What a script can replace
 * here (the timer, the lock) only has the Worker asked; that it is lost shows in what it does not say on its own port.
 */
export class Pulse {
  readonly #ping: () => void;
  readonly #onLost: () => void;
  /** Seconds of silence; 0 while nothing is expected. */
  #silence = 0;
  #isTimed = false;
  /** The lock that it holds; any script can steal it. */
  #lock = "";
  #hasEnded = false;

  constructor(ping: () => void, onLost: () => void) {
    this.#ping = ping;
    this.#onLost = onLost;
  }

  /** It was sent something. */
  expect(): void {
    this.#silence ||= 1;
    if (this.#isTimed || this.#hasEnded) return;
    this.#isTimed = true;
    const since = monotonicNow();
    after(1_000, () => {
      this.#isTimed = false;
      // A timer that a script has replaced may call back at once, and would for ever.
      if (this.#silence === 0 || this.#hasEnded || monotonicNow() - since < 900) return;
      if (this.#lock === "" && isVisible()) this.#silence++;
      if (this.#silence > TIMEOUT) {
        this.#onLost();
      } else {
        this.#ping();
        this.expect();
      }
    });
  }

  /** It said something. */
  heard(): void {
    this.#silence = 0;
  }

  /** It holds a lock. */
  holds(lock: string): void {
    this.#lock = lock;
    whenFree(lock, () => {
      if (this.#lock === lock) this.#lock = "";
      this.expect();
    });
  }

  /** Nothing is expected of it any more. */
  end(): void {
    this.#hasEnded = true;
  }
}
