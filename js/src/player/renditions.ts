import type Hls from "hls.js";

/** One quality of a video, as Media Chrome's quality menu reads it. */
export interface Rendition {
  id: string;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  /** Bits per second. */
  bitrate: number;
}

/** The qualities of the video that hls.js plays; the `VideoRenditionList` of the media-tracks proposal. */
export class Renditions extends EventTarget {
  [index: number]: Rendition;
  /** How many there are. */
  length = 0;
  #hls: Hls | null = null;
  #selected = -1;

  /** The chosen one; -1 while hls.js chooses by itself. */
  get selectedIndex(): number {
    return this.#selected;
  }

  set selectedIndex(index: number) {
    this.#selected = index;
    if (this.#hls) this.#hls.nextLevel = index;
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Takes those of what plays now; one quality alone leaves nothing to choose. While the same hls.js plays on, such as
   * after an error, the choice stays.
   */
  show(hls: Hls | null): void {
    if (hls !== null && hls === this.#hls && (hls.levels.length === this.length || hls.levels.length <= 1)) return;
    const levels = hls && hls.levels.length > 1 ? hls.levels : [];
    for (let index = 0; index < this.length; index++) Reflect.deleteProperty(this, index);
    this.#hls = hls;
    this.#selected = -1;
    this.length = levels.length;
    for (const [index, { width, height, bitrate }] of levels.entries()) {
      this[index] = { id: String(index), width, height, bitrate };
    }
    this.dispatchEvent(new Event(levels.length > 0 ? "addrendition" : "removerendition"));
  }

  *[Symbol.iterator](): Generator<Rendition, void, undefined> {
    for (let index = 0; index < this.length; index++) {
      const rendition = this[index];
      if (rendition) yield rendition;
    }
  }
}
