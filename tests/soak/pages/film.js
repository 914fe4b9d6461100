/** Milliseconds without a new picture that are a stall; and how long a start, a seek or the end of a pause may take. */
const STALL = 2_000;
const GRACE = 5_000;
/** Milliseconds in which a film that plays shows a picture. */
const RECENTLY = 500;

/** One film and its viewer. What is shown counts, not what is downloaded. */
export class Film {
  isPlaying = true;
  #pictures = 0;
  #lastAt = 0;
  /** When the next picture has to be there. */
  #dueAt = performance.now() + GRACE;
  #isStalled = false;

  #release;

  /** `release` lets go of all that it is made of. */
  constructor(session, video, videoId, release) {
    Object.assign(this, { session, video, videoId });
    this.#release = release;
  }

  stop() {
    this.isPlaying = false;
    this.#release();
  }

  seek(at) {
    this.video.currentTime = at;
    this.#dueAt = performance.now() + GRACE;
  }

  pause() {
    this.isPlaying = false;
    this.video.pause();
  }

  async play() {
    await this.video.play();
    this.isPlaying = true;
    this.#dueAt = performance.now() + GRACE;
  }

  /** Looks for new pictures. True where a stall begins. */
  look(now) {
    const { totalVideoFrames } = this.video.getVideoPlaybackQuality();
    if (totalVideoFrames !== this.#pictures) {
      this.#pictures = totalVideoFrames;
      this.#lastAt = now;
      this.#dueAt = Math.max(this.#dueAt, now + STALL);
      this.#isStalled = false;
    }
    if (!this.isPlaying || this.#isStalled || now <= this.#dueAt) return false;
    this.#isStalled = true;
    return true;
  }

  isWaiting(now) {
    return this.isPlaying && now - this.#lastAt > RECENTLY;
  }
}
