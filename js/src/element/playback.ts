import type Hls from "hls.js";
import type { ErrorData, HlsConfig } from "hls.js";

import type { HlsConstructor } from "./load-hls.js";
import { type AnsdevError, isAnsdevError, localError, unsupported } from "../protocol/errors.js";
import type { Viewer } from "../adapters/audience.js";
import { followNeeds } from "../adapters/hls-needs.js";
import { hlsConfig } from "../adapters/hls.js";
import { persist } from "../adapters/persist.js";
import { isRefusal } from "../adapters/token-source.js";
import { PlaybackError } from "./playback-error.js";
import type { Session } from "../client/session.js";

/** What a playback is made with. */
export interface PlaybackParts {
  video: HTMLVideoElement;
  session: Session;
  /** What the session is told of this player. */
  viewer: Viewer;
  /** `null` where there is no Media Source Extensions API, and the browser's own HLS has to do. */
  Hls: HlsConstructor | null;
  config: Partial<HlsConfig>;
  /** Plays the video element. */
  play: () => void;
  /** Whether anything is to be loaded. */
  isWanted: () => boolean;
  /** Told of every error that stops the playback. */
  report: (error: PlaybackError) => void;
  /** Told of what went wrong, and may yet come right. */
  onTrouble: (trouble: AnsdevError) => void;
  /** Told when it is time to try again. */
  onDue: () => void;
}

/** Times that a decoder in trouble is started afresh. */
const MAX_MEDIA_RECOVERIES = 2;
/** Seconds of film after which it may be started afresh as often again. */
const RECOVERED = 10;
/** Milliseconds before the first try after an error; doubled each time, up to the longest. */
const FIRST_PAUSE = 1_000;
const MAX_PAUSE = 10_000;
/** Details of hls.js's media errors that no fresh start helps against: the browser has no decoder. */
const CODEC_ERRORS = new Set([
  "manifestIncompatibleCodecsError",
  "bufferIncompatibleCodecsError",
  "bufferAddCodecError",
]);

/** One session, played in one video element. */
export class Playback {
  readonly #parts: PlaybackParts;
  readonly #life = new AbortController();
  readonly #hls: Hls | null;
  #isRequested = false;
  #mediaRecoveries = 0;
  /** Seconds of film since the last of them, and the position up to which they are counted. */
  #played = 0;
  #playedTo = 0;
  /** What the session last refused a playlist or key with; hls.js hands on only its text. */
  #refusal: AnsdevError | undefined;
  /** The error that stopped it; `null` while it runs. */
  #failure: PlaybackError | null = null;
  #pause = FIRST_PAUSE;
  #isAsked = false;
  /** When it may try again by itself, in milliseconds of `performance.now()`. */
  #dueAt = Infinity;

  constructor(parts: PlaybackParts) {
    const { video, session, viewer, Hls, config } = parts;
    this.#parts = parts;
    const { signal } = this.#life;
    this.#hls = Hls && new Hls(hlsConfig(this.#source(), config));
    if (this.#hls && Hls) {
      const endNeeds = followNeeds(this.#hls, (isNeeded) => {
        viewer.setNeeded(isNeeded);
      });
      signal.addEventListener("abort", endNeeds);
      this.#playOnAfter(this.#hls);
      this.#hls.on(Hls.Events.ERROR, (_name, data) => {
        this.#onHlsError(data);
      });
      this.#hls.attachMedia(video);
    } else {
      video.addEventListener(
        "error",
        () => {
          this.#onNativeError();
        },
        { signal },
      );
    }
    video.addEventListener(
      "waiting",
      () => {
        // The buffer has run out, from which the film went on after the failure.
        if (this.#failure) parts.report(this.#failure);
      },
      { signal },
    );
    session.addEventListener(
      "statechange",
      ({ detail }) => {
        if (detail.state === "destroyed") this.#onDestroyed();
      },
      { signal },
    );
    session.addEventListener(
      "tokenerror",
      ({ detail: { error } }) => {
        if (error.code === "WORKER_LOST") this.#fail(error);
        else parts.onTrouble(error);
      },
      { signal },
    );
    session.addEventListener(
      "tokenrefreshed",
      () => {
        // What the lack of a token stopped goes on with one.
        if (this.#failure && this.#failure.cause === this.#refusal && !this.#refusal.fatal) this.resume();
      },
      { signal },
    );
  }

  /** The hls.js that plays it; `null` where the browser does by itself. */
  get hls(): Hls | null {
    return this.#hls;
  }

  /** Whether an error stopped it. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /**
   * Has it load, from now on; after an error, when it is time to try again.
   *
   * @param isFrugal - Whether as little as possible, because nobody plays it yet.
   */
  load(isFrugal: boolean): void {
    if (this.#failure) {
      if (performance.now() >= this.#dueAt) this.resume();
    } else if (!this.#isRequested) {
      this.#isRequested = true;
      if (isFrugal && this.#hls) this.#saveBuffer(this.#hls);
      void this.#loadSource();
    }
  }

  /**
   * Tries again after an error, at once.
   *
   * @param isAsked - Whether the viewer wants that: what is refused for a while only is tried once more after it.
   */
  resume(isAsked = false): void {
    const failure = this.#failure;
    if (failure === null || this.#life.signal.aborted) return;
    this.#failure = null;
    this.#isAsked = isAsked;
    const hls = this.#hls;
    if (!hls || hls.levels.length === 0) {
      void this.#loadSource();
    } else {
      const { currentTime } = this.#parts.video;
      if (failure.code === 3) hls.recoverMediaError();
      hls.startLoad(currentTime || -1);
    }
  }

  /** The film got on to a position, in seconds. */
  onProgress(position: number): void {
    const seconds = position - this.#playedTo;
    this.#playedTo = position;
    // A seek is no film.
    if (seconds > 0 && seconds < 2) this.#played += seconds;
    if (this.#played > RECOVERED) this.#mediaRecoveries = 0;
    this.#pause = FIRST_PAUSE;
  }

  /** Ends it, and leaves the video element empty. */
  release(): void {
    this.#life.abort();
    const { video } = this.#parts;
    if (this.#hls) {
      this.#hls.destroy();
    } else {
      video.removeAttribute("src");
      video.load();
    }
  }

  /** hls.js, also by itself, takes the media away and gives it back, which pauses the video without an event. */
  #playOnAfter(hls: Hls): void {
    for (const name of ["attachMedia", "loadSource", "recoverMediaError"] as const) {
      const method = hls[name].bind(hls) as (argument?: unknown) => void;
      hls[name] = (argument?: unknown) => {
        this.#keepPlaying(() => {
          method(argument);
        });
      };
    }
  }

  #keepPlaying(reload: () => void): void {
    const { video, play } = this.#parts;
    const { paused } = video;
    reload();
    if (!paused && video.paused) play();
  }

  #saveBuffer({ config }: Hls): void {
    const { maxBufferLength, maxBufferSize } = config;
    Object.assign(config, { maxBufferLength: 1, maxBufferSize: 1 });
    const restore = (): void => {
      Object.assign(config, { maxBufferLength, maxBufferSize });
    };
    this.#parts.video.addEventListener("play", restore, { once: true, signal: this.#life.signal });
  }

  async #loadSource(): Promise<void> {
    const { signal } = this.#life;
    try {
      const url = await persist(
        () => this.#parts.session.manifestUrl({ signal }),
        () => !signal.aborted && this.#parts.isWanted(),
      );
      if (signal.aborted) return;
      if (this.#hls) this.#hls.loadSource(url);
      else this.#playNatively(url);
    } catch (error) {
      if (signal.aborted || !isAnsdevError(error)) return;
      if (error.retryable && !this.#parts.isWanted()) {
        // It was paused meanwhile; the next play begins anew.
        this.#isRequested = false;
        return;
      }
      this.#refusal = error;
      this.#fail(error);
    }
  }

  #playNatively(url: string): void {
    const { video } = this.#parts;
    const { currentTime } = video;
    this.#keepPlaying(() => {
      video.src = url;
    });
    // After an error: from where it stopped.
    if (currentTime > 0) video.currentTime = currentTime;
  }

  #source(): Parameters<typeof hlsConfig>[0] {
    const { signal } = this.#life;
    return {
      resolve: async (url) => {
        try {
          const resolved = await this.#parts.session.resolve(url, { signal });
          this.#refusal = undefined;
          return resolved;
        } catch (error) {
          if (isAnsdevError(error)) this.#refusal = error;
          throw error;
        }
      },
      invalidate: (rejected) => {
        this.#parts.session.invalidate(rejected);
      },
    };
  }

  #onHlsError({ fatal, type, details, error, response, reason }: ErrorData): void {
    const isOfNetwork = type === this.#parts.Hls?.ErrorTypes.NETWORK_ERROR;
    if (fatal && CODEC_ERRORS.has(details)) {
      this.#fail(unsupported(`This browser has no decoder for the video: ${reason ?? error.message}`), 4);
      return;
    }
    const { code: status = 0 } = response ?? {};
    const answer = status ? `, HTTP ${String(status)}` : "";
    const trouble = isOfNetwork
      ? localError("NETWORK", `The video could not be loaded any further (${details}${answer})`, {
          status: status || null,
        })
      : localError("BAD_RESPONSE", `The video could not be decoded (${details}: ${error.message})`);
    // hls.js has switched to other renditions and repeated what it could before it calls an error fatal.
    if (!fatal) {
      // A buffer that ran empty says nothing of the reason, and must not hide it.
      if (isOfNetwork) this.#parts.onTrouble(trouble);
    } else if (isOfNetwork) {
      void this.#onLost(this.#refusal ?? trouble);
    } else if (this.#mediaRecoveries < MAX_MEDIA_RECOVERIES) {
      this.#mediaRecoveries++;
      this.#played = 0;
      this.#hls?.recoverMediaError();
    } else {
      this.#fail(trouble, 3);
    }
  }

  async #onLost(cause: AnsdevError): Promise<void> {
    const { signal } = this.#life;
    // The server refused two tokens: the session knows why.
    if (isRefusal(cause.status ?? undefined) && cause !== this.#refusal) {
      await this.#parts.session.manifestUrl({ signal }).catch((error: unknown) => {
        if (isAnsdevError(error)) this.#refusal = cause = error;
      });
    }
    if (!signal.aborted) this.#fail(cause);
  }

  // The browser's own HLS asks for the playlist's key URIs as they stand there, and nothing can put a token in.
  #onNativeError(): void {
    this.#fail(
      unsupported(
        "This browser has no Media Source Extensions, and its own HLS could not play the video: it cannot fetch " +
          "the AES keys of an encrypted one. Use a browser with MediaSource or ManagedMediaSource (iOS 17.1 or later)",
      ),
      4,
    );
  }

  #onDestroyed(): void {
    this.#parts.video.pause();
    // When the task is over: most pages that destroy it take the video out in the same breath.
    queueMicrotask(() => {
      this.#fail(localError("DESTROYED", "The session was destroyed while it played"));
    });
  }

  #fail(cause: AnsdevError, code?: 3 | 4): void {
    const { video, report, onTrouble, onDue } = this.#parts;
    if (this.#life.signal.aborted || this.#failure) return;
    const isUsable = video.readyState > 0 || cause.code === "DESTROYED";
    this.#failure = code ? new PlaybackError(code, cause) : PlaybackError.from(cause, isUsable);
    this.#dueAt = Infinity;
    if (cause.retryable || (this.#isAsked && cause.retryAfter)) {
      this.#isAsked = false;
      const pause = Math.max(this.#pause, (cause.retryAfter ?? 0) * 1_000);
      this.#pause = Math.min(this.#pause * 2, MAX_PAUSE);
      this.#dueAt = performance.now() + pause;
      setTimeout(() => {
        if (!this.#life.signal.aborted) onDue();
      }, pause);
    }
    // While the viewer sees the film go on, from its buffer, nothing is lost yet.
    if (cause.retryable && !code && video.readyState > HTMLMediaElement.HAVE_CURRENT_DATA) onTrouble(cause);
    else report(this.#failure);
  }
}
