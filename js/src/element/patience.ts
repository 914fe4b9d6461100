import { after } from "../platform/delay.js";

/** Seconds without a picture after which the viewer is told, where something is known to have gone wrong. */
const TROUBLED = 8;
/** Where nothing is known. */
const SILENT = 12;

/** Notices that a video which is to play does not get on, whatever the reason. */
export class Patience {
  readonly #isWaiting: () => boolean;
  readonly #isTroubled: () => boolean;
  readonly #onEnd: () => void;
  #isTimed = false;
  #seconds = 0;

  /**
   * @param isWaiting - Whether somebody waits for a picture.
   * @param isTroubled - Whether something is known to have gone wrong.
   * @param onEnd - Told when it has taken too long.
   */
  constructor(isWaiting: () => boolean, isTroubled: () => boolean, onEnd: () => void) {
    this.#isWaiting = isWaiting;
    this.#isTroubled = isTroubled;
    this.#onEnd = onEnd;
  }

  /** To be called after anything by which `isWaiting` may have changed. */
  look(): void {
    if (!this.#isWaiting()) {
      this.#seconds = 0;
    } else if (!this.#isTimed) {
      this.#isTimed = true;
      // Seconds are counted one by one, so that a page which stood still for a minute has waited for one.
      after(1_000, () => {
        this.#isTimed = false;
        this.#seconds++;
        if (this.#isWaiting() && this.#seconds >= (this.#isTroubled() ? TROUBLED : SILENT)) {
          this.#seconds = 0;
          this.#onEnd();
        }
        this.look();
      });
    }
  }

  /** The video gets on. */
  renew(): void {
    this.#seconds = 0;
  }
}
