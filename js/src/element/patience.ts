/** Seconds without a picture after which the viewer is told, where something is known to have gone wrong. */
const TROUBLED = 8;
/** Where nothing is known. */
const SILENT = 12;

/** Notices that a video which is to play does not get on, whatever the reason. */
export class Patience {
  readonly #isWaiting: () => boolean;
  readonly #isTroubled: () => boolean;
  readonly #onEnd: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
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
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#seconds = 0;
      return;
    }
    // Seconds are counted one by one, so that a page which stood still for a minute has waited for one.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#seconds++;
      if (this.#seconds >= (this.#isTroubled() ? TROUBLED : SILENT)) {
        this.#seconds = 0;
        this.#onEnd();
      }
      this.look();
    }, 1_000);
  }

  /** The video gets on. */
  renew(): void {
    this.#seconds = 0;
  }
}
