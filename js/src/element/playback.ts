import type Hls from "hls.js";
import type { ErrorData, HlsConfig } from "hls.js";

import type { HlsConstructor } from "./load-hls.js";
import { AnsdevError, localError, unsupported } from "../protocol/errors.js";
import { Viewer } from "../adapters/audience.js";
import { followNeeds } from "../adapters/hls-needs.js";
import { hlsConfig } from "../adapters/hls.js";
import { persist } from "../adapters/persist.js";
import { PlaybackError } from "./playback-error.js";
import type { Session } from "../client/session.js";

/** What a playback is made with. */
export interface PlaybackParts {
  video: HTMLVideoElement;
  session: Session;
  /** `null` where there is no Media Source Extensions API, and the browser's own HLS has to do. */
  Hls: HlsConstructor | null;
  config: Partial<HlsConfig>;
  /** Whether to load as little as possible before somebody plays, as `preload="metadata"` asks for. */
  isFrugal: boolean;
  /** Told of every error that stops the playback; and `null` once it goes on. */
  report: (error: PlaybackError | null) => void;
}

/** Times that a decoder in trouble is started afresh. */
const MOST_MEDIA_RECOVERIES = 2;

/** One session, played in one video element. */
export class Playback {
  readonly #video: HTMLVideoElement;
  readonly #session: Session;
  readonly #report: PlaybackParts["report"];
  readonly #life = new AbortController();
  readonly #Hls: HlsConstructor | null;
  readonly #hls: Hls | null;
  #requested = false;
  #mediaRecoveries = 0;
  /** What the session last refused a playlist or key with; hls.js hands on only its text. */
  #refusal: AnsdevError | undefined;
  /** The error that stopped it; `null` while it runs. */
  #failure: PlaybackError | null = null;

  constructor({ video, session, Hls, config, isFrugal, report }: PlaybackParts) {
    this.#video = video;
    this.#session = session;
    this.#report = report;
    const { signal } = this.#life;
    this.#Hls = Hls;
    this.#hls = Hls && new Hls(hlsConfig(this.#source(), config));
    if (this.#hls) tellNeeds(this.#hls, session, signal);
    if (this.#hls && Hls) {
      this.#hls.on(Hls.Events.ERROR, (_name, data) => {
        this.#onHlsError(data);
      });
      this.#hls.attachMedia(video);
      if (isFrugal) this.#saveBuffer(this.#hls);
    } else {
      video.addEventListener(
        "error",
        () => {
          this.#onNativeError();
        },
        { signal },
      );
    }
    session.addEventListener(
      "statechange",
      ({ detail }) => {
        if (detail.state !== "destroyed") return;
        video.pause();
        // When the task is over: most pages that destroy it take the video out in the same breath.
        queueMicrotask(() => {
          const error = localError("DESTROYED", "The session was destroyed while it played");
          if (!signal.aborted) this.#fail(PlaybackError.from(error, true));
        });
      },
      { signal },
    );
    // A token after an error that was transient: play on from where it stopped.
    session.addEventListener(
      "tokenrefreshed",
      () => {
        if (this.#failure?.cause?.fatal !== true) this.resume();
      },
      { signal },
    );
  }

  /** The hls.js that plays it; `null` where the browser does by itself. */
  get hls(): Hls | null {
    return this.#hls;
  }

  /** Starts loading the playlist; the first call counts. */
  load(): void {
    if (this.#requested) return;
    this.#requested = true;
    void this.#loadSource();
  }

  /** Goes on after an error. */
  resume(): void {
    if (this.#failure === null || this.#life.signal.aborted) return;
    this.#failure = null;
    this.#mediaRecoveries = 0;
    this.#report(null);
    if (this.#hls && this.#hls.levels.length > 0) this.#hls.startLoad();
    else void this.#loadSource();
  }

  /** Ends it, and leaves the video element empty. */
  release(): void {
    this.#life.abort();
    if (this.#hls) {
      this.#hls.destroy();
    } else {
      this.#video.removeAttribute("src");
      this.#video.load();
    }
  }

  #saveBuffer({ config }: Hls): void {
    const { maxBufferLength, maxBufferSize } = config;
    Object.assign(config, { maxBufferLength: 1, maxBufferSize: 1 });
    const restore = (): void => {
      Object.assign(config, { maxBufferLength, maxBufferSize });
    };
    this.#video.addEventListener("play", restore, { once: true, signal: this.#life.signal });
  }

  async #loadSource(): Promise<void> {
    const { signal } = this.#life;
    try {
      const url = await persist(
        () => this.#session.manifestUrl({ signal }),
        () => !signal.aborted,
      );
      if (signal.aborted) return;
      if (this.#hls) this.#hls.loadSource(url);
      else this.#playNatively(url);
    } catch (error) {
      if (!signal.aborted && error instanceof AnsdevError) this.#fail(PlaybackError.from(error, false));
    }
  }

  #playNatively(url: string): void {
    const { currentTime } = this.#video;
    this.#video.src = url;
    // After an error: from where it stopped.
    if (currentTime > 0) this.#video.currentTime = currentTime;
  }

  #source(): Parameters<typeof hlsConfig>[0] {
    const { signal } = this.#life;
    return {
      resolve: async (url) => {
        try {
          const resolved = await this.#session.resolve(url, { signal });
          this.#refusal = undefined;
          return resolved;
        } catch (error) {
          if (error instanceof AnsdevError) this.#refusal = error;
          throw error;
        }
      },
      invalidate: (rejected) => {
        this.#session.invalidate(rejected);
      },
    };
  }

  #onHlsError({ fatal, type, details, error, response }: ErrorData): void {
    const types = this.#Hls?.ErrorTypes;
    if (!fatal) return;
    // hls.js has switched to other renditions and repeated what it could before it calls an error fatal.
    if (type === types?.NETWORK_ERROR) {
      const status = response?.code ? `, HTTP ${String(response.code)}` : "";
      this.#fail(
        this.#refusal
          ? PlaybackError.from(this.#refusal, this.#video.readyState > 0)
          : new PlaybackError(2, `NETWORK: The video could not be loaded any further (${details}${status})`),
      );
    } else if (type === types?.MEDIA_ERROR && this.#mediaRecoveries < MOST_MEDIA_RECOVERIES) {
      this.#mediaRecoveries++;
      const { paused } = this.#video;
      this.#hls?.recoverMediaError();
      // hls.js takes the media away and gives it back, by which the video is paused.
      if (!paused) this.#video.play().catch(() => undefined);
    } else {
      this.#fail(new PlaybackError(3, `The video could not be decoded (${details}: ${error.message})`));
    }
  }

  // The browser's own HLS asks for the playlist's key URIs as they stand there, and nothing can put a token in.
  #onNativeError(): void {
    this.#fail(
      PlaybackError.from(
        unsupported(
          "This browser has no Media Source Extensions, and its own HLS could not play the video: it cannot fetch " +
            "the AES keys of an encrypted one. Use a browser with MediaSource or ManagedMediaSource (iOS 17.1 or later)",
        ),
        false,
      ),
    );
  }

  #fail(failure: PlaybackError): void {
    this.#failure = failure;
    this.#report(failure);
  }
}

/** Tells a session whether the rest of the film can need a token, until the signal is aborted. */
function tellNeeds(hls: Hls, session: Session, signal: AbortSignal): void {
  const viewer = new Viewer(session);
  const end = followNeeds(hls, (isNeeded) => {
    viewer.setNeeded(isNeeded);
  });
  signal.addEventListener("abort", () => {
    end();
    viewer.leave();
  });
}
