import { CustomVideoElement } from "custom-media-element";
import type Hls from "hls.js";
import type { HlsConfig } from "hls.js";

import type { Client } from "../client/client.js";
import { chooseHls } from "./choose-hls.js";
import { noClientPending } from "../client/clients-pending.js";
import type { HlsConstructor } from "./load-hls.js";
import { AnsdevError, invalid } from "../protocol/errors.js";
import { Playback } from "./playback.js";
import { PlaybackError } from "./playback-error.js";
import { playOrFail, rejection } from "./play-or-fail.js";
import type { Session } from "../client/session.js";
import { attributeMistake, forwardEvents, isSameSource, openSession, type Source } from "./source.js";
import { createVideoRoot } from "./video-root.js";
import { ACTIVITY_EVENTS, isWatched } from "./watched.js";

/** The attributes whose changes change what is played, or how. */
const CHANGES = new Set(["video-id", "refresh", "api-key", "preload", "autoplay"]);

/**
 * `<ansdev-video>`: a media element that plays an Ansdev video.
 *
 * It has every property, method, attribute and event of `<video>`, and:
 * - the attribute `video-id`, the video to play;
 * - the attribute `refresh`: `"on-demand"` renews a token only when a request needs one, even where the client renews
 *   eagerly; default: as the client does;
 * - the properties {@link client}, {@link session}, {@link hlsConfig}, {@link Hls} and {@link hls};
 * - the events `tokenrefreshing`, `tokenrefreshed` and `tokenerror` of its session;
 * - `error` events for what stops it; the `error` property is then a {@link PlaybackError}, and its `cause` the
 *   {@link AnsdevError}.
 *
 * `preload="none"` spends no token before `play()`. There is no attribute for an API key.
 */
export class AnsdevVideoElement extends CustomVideoElement {
  /** The hls.js class to play with. Default: `window.Hls`, else the light build, which is loaded when needed. */
  Hls: HlsConstructor | null = null;
  /** Merged into hls.js's configuration. Set it before the video loads. */
  hlsConfig: Partial<HlsConfig> = {};

  #client: Client | null = null;
  #givenSession: Session | null = null;
  #session: Session | null = null;
  #playback: Playback | null = null;
  /** Settles when the video element can be told to play; aborted with its source. */
  #attached: Promise<void> | null = null;
  #source: Source | null = null;
  #life = new AbortController();
  #error: PlaybackError | null = null;
  /** What is wrong with the attributes; the element plays nothing before it is mended. */
  #mistake: string | null = null;
  #updateQueued = false;
  #resume: { videoId: string; at: number } | null = null;

  /** The attributes that the element watches. */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, "video-id", "refresh", "api-key"];
  }

  constructor() {
    super();
    for (const type of ACTIVITY_EVENTS) {
      this.addEventListener(type, () => {
        this.#onActivity(type);
      });
    }
  }

  /** The video to play; the attribute `video-id`. */
  get videoId(): string | null {
    return this.getAttribute("video-id");
  }

  set videoId(id: string | null | undefined) {
    if (id == null) this.removeAttribute("video-id");
    else this.setAttribute("video-id", id);
  }

  /** When tokens are renewed, where it is not to be as the client does; the attribute `refresh`. */
  get refresh(): "eager" | "on-demand" | null {
    return this.getAttribute("refresh") as "eager" | "on-demand" | null;
  }

  set refresh(when: "eager" | "on-demand" | null | undefined) {
    if (when == null) this.removeAttribute("refresh");
    else this.setAttribute("refresh", when);
  }

  /** The client that opens the video's session. */
  get client(): Client | null {
    return this.#client;
  }

  set client(client: Client | null) {
    this.#client = client;
    this.#queueUpdate();
  }

  /**
   * The session that plays; `null` before it is open. Setting one plays it in place of `client` and `video-id`; it
   * stays the page's to destroy.
   */
  get session(): Session | null {
    return this.#session;
  }

  set session(session: Session | null) {
    this.#givenSession = session;
    this.#queueUpdate();
  }

  /** The hls.js that plays; `null` before it is loaded, and where the browser plays HLS by itself. */
  get hls(): Hls | null {
    return this.#playback?.hls ?? null;
  }

  /** What stopped the video; `null` while nothing did. */
  override get error(): MediaError | PlaybackError | null {
    return this.#error ?? this.nativeEl.error;
  }

  /** Starts playing, and loads what it needs for that. After an error it tries again. */
  override async play(): Promise<void> {
    if (this.#wantedSource() === null) {
      await this.nativeEl.play();
      return;
    }
    if (this.#error && !this.#playback) this.#reload();
    this.#update();
    if (this.#mistake) throw rejection(this.error);
    await this.#attached;
    this.#playback?.resume();
    this.#playback?.load();
    await playOrFail(this.nativeEl, this);
  }

  /** Lets go of what is playing, and loads it anew. */
  override load(): void {
    if (this.#wantedSource() === null) this.nativeEl.load();
    else this.#reload();
  }

  /** @internal */
  override init(): void {
    // The mixin would use innerHTML and a <style>, which Trusted Types and a strict style-src forbid.
    createVideoRoot(this);
    super.init();
  }

  /** @internal */
  override handleEvent(event: Event): void {
    // An error of the browser's own HLS comes back by `report`, with what it means.
    if (event.type !== "error" || this.#playback?.hls !== null) super.handleEvent(event);
  }

  /** @internal */
  override attributeChangedCallback(name: string, oldValue?: string | null, newValue?: string | null): void {
    super.attributeChangedCallback(name, oldValue, newValue);
    if (CHANGES.has(name) && oldValue !== newValue) this.#queueUpdate();
  }

  /** @internal */
  override connectedCallback(): void {
    super.connectedCallback();
    this.#upgrade("videoId", "refresh", "client", "session", "hlsConfig", "Hls");
    this.#queueUpdate();
  }

  /** @internal */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#queueUpdate();
  }

  /** Properties that a framework set before the element was defined would hide the accessors. */
  #upgrade(...names: (keyof this & string)[]): void {
    for (const name of names) {
      const own = Object.getOwnPropertyDescriptor(this, name);
      if (own === undefined || !(name in Object.getPrototypeOf(this))) continue;
      Reflect.deleteProperty(this, name);
      this[name] = own.value as this[typeof name];
    }
  }

  /** After the current task's changes: a move in the document is a removal and an insertion. */
  #queueUpdate(): void {
    if (this.#updateQueued) return;
    this.#updateQueued = true;
    queueMicrotask(() => {
      this.#updateQueued = false;
      this.#update();
    });
  }

  #wantedSource(): Source | null {
    if (!this.isConnected) return null;
    if (this.#givenSession) return { client: null, videoId: this.#givenSession.videoId, session: this.#givenSession };
    return this.videoId === null ? null : { client: this.#client, videoId: this.videoId, session: null };
  }

  #update(): void {
    const mistake = attributeMistake(this);
    const wanted = mistake === null ? this.#wantedSource() : null;
    if (!isSameSource(wanted, this.#source) || mistake !== this.#mistake) {
      this.#release();
      this.#source = wanted;
      this.#mistake = mistake;
      if (mistake !== null) this.#complain(mistake);
      else if (wanted) this.#begin(wanted);
    }
    this.#tellActivity();
    if (this.autoplay || this.#preload() !== "none") this.#playback?.load();
  }

  /** As `<video>` reads it (HTML, section 4.8.11.2): the empty text is "auto", and what is unknown the default. */
  #preload(): "none" | "metadata" | "auto" {
    const text = this.getAttribute("preload")?.toLowerCase();
    if (text === "") return "auto";
    return text === "none" || text === "auto" ? text : "metadata";
  }

  #begin(source: Source): void {
    // Beside the client that the page creates, and not after it. What goes wrong is told when it is needed.
    if (this.#preload() !== "none") chooseHls(this.Hls, this.nativeEl).catch(() => undefined);
    if (source.client === null && source.session === null) {
      void noClientPending(this.#life.signal).then((failure) => {
        if (this.#source !== source) return;
        if (failure instanceof AnsdevError) this.#setError(PlaybackError.from(failure, false));
        else {
          this.#complain(
            "<ansdev-video> has a `video-id` but no client; set its `client` property: element.client = await createClient(…)",
          );
        }
      });
      return;
    }
    const attached = this.#attach(source, this.#life.signal);
    // Whoever calls play() gets the rejection; without such a caller the error event has told it.
    attached.catch(() => undefined);
    this.#attached = attached;
  }

  async #attach(source: Source, signal: AbortSignal): Promise<void> {
    try {
      const [session, HlsClass] = await Promise.all([openSession(source, signal), chooseHls(this.Hls, this.nativeEl)]);
      if (signal.aborted) {
        if (!source.session) session.destroy();
        throw new DOMException("The video was changed or removed before it could play", "AbortError");
      }
      this.#session = session;
      forwardEvents(session, this, signal);
      const at = this.#resume && this.#resume.videoId === source.videoId ? this.#resume.at : 0;
      this.#resume = null;
      this.#playback = new Playback({
        video: this.nativeEl,
        session,
        Hls: HlsClass,
        config: at ? { startPosition: at, ...this.hlsConfig } : this.hlsConfig,
        isFrugal: this.paused && !this.autoplay && this.#preload() !== "auto",
        report: (error) => {
          if (this.isConnected) this.#setError(error);
        },
      });
      document.addEventListener(
        "visibilitychange",
        () => {
          this.#tellActivity();
        },
        { signal },
      );
      this.#update();
    } catch (error) {
      if (!signal.aborted) {
        this.#setError(
          error instanceof AnsdevError
            ? PlaybackError.from(error, false)
            : new PlaybackError(4, `hls.js could not be loaded: ${String(error)}`),
        );
      }
      throw error;
    }
  }

  #reload(): void {
    this.#release();
    this.#source = null;
    this.#mistake = null;
    this.#update();
  }

  #release(): void {
    this.#life.abort();
    this.#life = new AbortController();
    if (this.#source && this.#playback) {
      // For a return into the document: the viewer goes on from there.
      this.#resume = { videoId: this.#source.videoId, at: this.nativeEl.currentTime };
      this.#playback.release();
    }
    if (!this.#source?.session) this.#session?.destroy();
    this.#playback = null;
    this.#session = null;
    this.#attached = null;
    this.#error = null;
  }

  #onActivity(type: string): void {
    if (type === "play") {
      // Also by the video's own controls, which know nothing of play() here.
      this.#playback?.resume();
      this.#playback?.load();
    }
    this.#tellActivity();
  }

  #tellActivity(): void {
    // A session that is not active mints only for a request.
    this.#session?.setActive(this.refresh !== "on-demand" && isWatched(this.nativeEl, this));
  }

  #complain(message: string): void {
    console.error(message);
    this.#setError(PlaybackError.from(invalid(message), false));
  }

  #setError(error: PlaybackError | null): void {
    this.#error = error;
    if (error) this.dispatchEvent(new Event("error"));
  }
}

/** Defines `<ansdev-video>`, once; on a server it does nothing. */
export function defineVideoElement(): void {
  const registry = (globalThis as Partial<typeof globalThis>).customElements;
  if (!registry?.get("ansdev-video")) registry?.define("ansdev-video", AnsdevVideoElement);
}
