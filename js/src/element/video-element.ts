import { CustomVideoElement } from "custom-media-element";
import type Hls from "hls.js";
import type { HlsConfig } from "hls.js";

import { ACTIVITY_EVENTS, isWatched } from "../adapters/watched.js";
import { Attachment } from "./attachment.js";
import type { Client } from "../client/client.js";
import type { HlsConstructor } from "./load-hls.js";
import { whenNear } from "./near.js";
import { type AnsdevError, invalid, localError } from "../protocol/errors.js";
import { isShown, listenUntil } from "../platform/page.js";
import { Patience } from "./patience.js";
import { PendingPlays } from "./pending-plays.js";
import { PlaybackError } from "./playback-error.js";
import type { Session } from "../client/session.js";
import { attributeMistake, isSameSource, type Source } from "./source.js";
import { createVideoRoot, holdPlace, style } from "./video-root.js";

/** The attributes whose changes change what is played, or how. */
const CHANGES = ["video-id", "refresh", "api-key"];

/**
 * `<ansdev-video>`: a media element that plays an Ansdev video.
 *
 * It has every property, method, attribute and event of `<video>`, and:
 * - the attribute `video-id`, the video to play;
 * - the attribute `refresh`: `"on-demand"` renews a token only when a request needs one, even where the client renews
 *   eagerly; default: as the client does;
 * - the attribute `start-time`, where to begin, in seconds;
 * - the properties {@link client}, {@link session}, {@link hlsConfig}, {@link Hls} and {@link hls};
 * - the events `tokenrefreshing`, `tokenrefreshed` and `tokenerror` of its session;
 * - `error` events for what stops it; the `error` property is then a {@link PlaybackError}, and its `cause` the
 *   {@link AnsdevError}.
 *
 * An element that was asked to play, on a visible page, plays within 15 seconds or has an `error`; while the cause is
 * one that may pass it goes on trying, and `error` is `null` again once it plays.
 *
 * `preload` is `"none"` where it is absent: no token is spent before `play()`, `autoplay` or the browser's controls ask
 * for one. `"metadata"` and `"auto"` load while the page is visible and the element near the viewport. There is no
 * attribute for an API key.
 *
 * @slot - `<track>` elements.
 * @csspart video - The `<video>` inside.
 * @cssprop [--media-object-fit=contain] - `object-fit` of the picture.
 * @cssprop [--media-object-position=50% 50%] - `object-position` of the picture.
 */
export class AnsdevVideoElement extends CustomVideoElement {
  #Hls: HlsConstructor | null = null;
  #hlsConfig: Partial<HlsConfig> = {};
  #client: Client | null = null;
  #givenSession: Session | null = null;
  /** What plays, or is about to; `null` while there is nothing to play. */
  #attachment: Attachment | null = null;
  #error: PlaybackError | null = null;
  /** What is wrong with the attributes; the element plays nothing before that is corrected. */
  #mistake: string | null = null;
  #isUpdateQueued = false;
  /** Where the viewer was in the video that was played last. */
  #place: { videoId: string; at: number } | null = null;
  /** What went wrong since the film last got on. */
  #trouble: AnsdevError | null = null;
  #position = 0;
  /** Whether the next `play` event is of a `play()` here. */
  #isPlayExpected = false;
  readonly #plays = new PendingPlays();
  readonly #patience = new Patience(
    () => this.#isWaiting(),
    () => this.#trouble !== null,
    () => {
      this.#giveNotice();
    },
  );
  /** Of what listens to the document and the viewport; aborted when they are others. */
  #surroundings = new AbortController();
  #isNear = false;

  /** @internal Told when `error` has changed, also when it is over. */
  onErrorChange: (() => void) | null = null;

  /** The attributes that the element watches. */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...CHANGES, "width", "height"];
  }

  constructor() {
    super();
    for (const type of [...ACTIVITY_EVENTS, "timeupdate", "loadedmetadata"]) {
      this.addEventListener(type, () => {
        this.#onActivity(type);
      });
    }
  }

  /** The hls.js class to play with. Default: `window.Hls`, else the light build, which is loaded when needed. */
  get Hls(): HlsConstructor | null {
    return this.#Hls;
  }

  set Hls(Hls: HlsConstructor | null) {
    this.#Hls = Hls;
  }

  /** Merged into hls.js's configuration. Set it before the video loads. */
  get hlsConfig(): Partial<HlsConfig> {
    return this.#hlsConfig;
  }

  set hlsConfig(config: Partial<HlsConfig>) {
    this.#hlsConfig = config;
  }

  /** The video to play; the attribute `video-id`. */
  get videoId(): string | null {
    return this.getAttribute("video-id");
  }

  set videoId(id: string | null | undefined) {
    if (id == null) this.removeAttribute("video-id");
    else this.setAttribute("video-id", id);
  }

  /** Pixels; the attribute `width`. */
  override get width(): number {
    return pixels(this, "width");
  }

  override set width(width: number) {
    this.setAttribute("width", String(width));
  }

  /** Pixels; the attribute `height`. */
  override get height(): number {
    return pixels(this, "height");
  }

  override set height(height: number) {
    this.setAttribute("height", String(height));
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
    return this.#attachment?.session ?? null;
  }

  set session(session: Session | null) {
    // The one that plays already, and is the element's own.
    if (session !== null && session === this.session) return;
    this.#givenSession = session;
    this.#queueUpdate();
  }

  /** The hls.js that plays; `null` before it is loaded, and where the browser plays HLS by itself. */
  get hls(): Hls | null {
    return this.#attachment?.playback?.hls ?? null;
  }

  /** What stopped the video; `null` while nothing did. */
  override get error(): MediaError | PlaybackError | null {
    return this.#error ?? (this.#attachment ? null : this.nativeEl.error);
  }

  /**
   * Starts playing, and loads what it needs for that. After an error it tries again. As with `<video>`, the promise
   * is settled when the video plays, is paused, or has an error; it rejects with that error's {@link AnsdevError}.
   */
  override play(): Promise<void> {
    this.#setError(null);
    this.#mistake = null;
    // What waited for another source ends with that one, and not with this.
    if (!isSameSource(this.#wantedSource(), this.#attachment?.source ?? null)) this.#letGo();
    const playing = this.#plays.add();
    this.#update();
    this.#attachment?.retry();
    // In the caller's own task, also where there is nothing to play yet: later the viewer's click or tap is spent.
    if (attributeMistake(this) === null) this.#playNatively();
    return playing;
  }

  /** Pauses. */
  override pause(): void {
    // jsdom complains of each call.
    if (!this.nativeEl.paused) this.nativeEl.pause();
    this.#onPause();
  }

  /** Lets go of what is playing, and loads it anew. */
  override load(): void {
    if (this.#wantedSource() === null) this.nativeEl.load();
    else {
      this.#letGo();
      this.#update();
    }
  }

  /** @internal */
  override init(): void {
    // The mixin would use innerHTML and a <style>, which Trusted Types and a strict style-src forbid.
    createVideoRoot(this);
    super.init();
    this.nativeEl.addEventListener("click", (event) => {
      this.#onClick(event);
    });
  }

  /** @internal */
  override handleEvent(event: Event): void {
    // What an error of the video's means is told by the attachment.
    if (event.type !== "error" || !this.#attachment) super.handleEvent(event);
  }

  /** @internal */
  override attributeChangedCallback(name: string, oldValue?: string | null, newValue?: string | null): void {
    super.attributeChangedCallback(name, oldValue, newValue);
    if (name === "width" || name === "height") {
      holdPlace(this, this.nativeEl);
      if (this.shadowRoot) style(this.shadowRoot);
    }
    if (oldValue !== newValue) this.#queueUpdate();
  }

  /** @internal */
  override connectedCallback(): void {
    super.connectedCallback();
    this.#upgrade("videoId", "refresh", "width", "height", "client", "session", "hlsConfig", "Hls");
    this.#lookAround();
    this.#queueUpdate();
  }

  /** @internal */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // When the task is over: a move in the document is a removal and an insertion.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#surroundings.abort();
      const { paused } = this.nativeEl;
      this.pause();
      // The video inside cannot tell it any more.
      if (!paused) this.dispatchEvent(new Event("pause"));
      this.#update();
    });
  }

  /** @internal */
  adoptedCallback(): void {
    if (this.shadowRoot) style(this.shadowRoot);
  }

  /** Properties that a framework set before the element was defined would hide the accessors. */
  #upgrade(...names: (keyof this & string)[]): void {
    for (const name of names) {
      const own = Object.getOwnPropertyDescriptor(this, name);
      if (own === undefined) continue;
      Reflect.deleteProperty(this, name);
      this[name] = own.value as this[typeof name];
    }
  }

  /** Watches the document and the viewport in which it now is. */
  #lookAround(): void {
    this.#surroundings.abort();
    this.#surroundings = new AbortController();
    const { signal } = this.#surroundings;
    for (const type of ["visibilitychange", "prerenderingchange"]) {
      listenUntil(signal, this.ownerDocument, type, () => {
        this.#follow();
      });
    }
    this.#isNear = false;
    whenNear(this, signal, () => {
      this.#isNear = true;
      this.#follow();
    });
  }

  /** After the current task's changes. */
  #queueUpdate(): void {
    if (this.#isUpdateQueued) return;
    this.#isUpdateQueued = true;
    queueMicrotask(() => {
      this.#isUpdateQueued = false;
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
    if (!isSameSource(wanted, this.#attachment?.source ?? null) || mistake !== this.#mistake) {
      const { paused } = this.nativeEl;
      const isSameVideo = wanted !== null && wanted.videoId === this.#attachment?.source.videoId;
      this.#letGo();
      this.#mistake = mistake;
      if (mistake !== null) {
        console.error(mistake);
        this.#setError(PlaybackError.from(invalid(mistake), false));
      } else if (wanted) {
        this.#attach(wanted);
        // Another client or session for the same video: the viewer goes on.
        if (isSameVideo && !paused) this.#playNatively();
      }
    }
    this.#follow();
  }

  #attach(source: Source): void {
    this.#attachment = new Attachment({
      element: this,
      video: this.nativeEl,
      source,
      startAt: this.#place?.videoId === source.videoId ? this.#place.at : Number(this.getAttribute("start-time")) || 0,
      settings: () => this,
      play: () => {
        this.#playNatively();
      },
      report: (error) => {
        if (this.isConnected) this.#setError(error);
      },
      isWanted: () => this.#isWanted(),
      onTrouble: (trouble) => {
        this.#trouble = trouble;
      },
      onChange: () => {
        this.#follow();
      },
    });
  }

  /** The one place where it lets go of what it plays. */
  #letGo(): void {
    const attachment = this.#attachment;
    this.#attachment = null;
    this.#setError(null);
    this.#trouble = null;
    if (attachment === null) return;
    this.#place = { videoId: attachment.source.videoId, at: attachment.position };
    const { paused } = this.nativeEl;
    attachment.release();
    if (!paused && this.nativeEl.paused) this.#plays.reject();
  }

  /** After anything by which it may have to load, or may be watched: level by level, whatever has happened. */
  #follow(): void {
    const attachment = this.#attachment;
    const video = this.nativeEl;
    attachment?.setWatched(this.#error?.cause.retryable !== false && this.refresh !== "on-demand" && isWatched(video));
    if (this.#isWanted()) attachment?.playback?.load(video.paused && !this.autoplay && this.#preload() !== "auto");
    this.#patience.look();
  }

  /** Whether anything is to be loaded. */
  #isWanted(): boolean {
    const isVisible = this.isConnected && isShown(this.ownerDocument);
    if (!this.nativeEl.paused) return isVisible || !this.#attachment?.hasFailed;
    return isVisible && (this.autoplay || (this.#preload() !== "none" && this.#isNear));
  }

  /** Whether somebody waits for a picture. */
  #isWaiting(): boolean {
    const { paused, ended, readyState } = this.nativeEl;
    if (this.#error || !this.isConnected || !isShown(this.ownerDocument)) return false;
    if (!this.#attachment && this.hasAttribute("src")) return false;
    return paused ? readyState === 0 && this.#attachment !== null && this.#isWanted() : !ended;
  }

  /** It has taken too long: what is known of the reason is the error, until the film gets on. */
  #giveNotice(): void {
    const cause =
      this.#trouble ??
      (this.#attachment || this.videoId !== null
        ? localError("TIMEOUT", "The video did not get on for 12 seconds; it is still being tried")
        : invalid("<ansdev-video> has no `video-id`; expected the id of the video to play"));
    const error = PlaybackError.from(cause, true);
    console.error(`<${this.localName}>: ${error.message}`);
    this.#setError(error);
  }

  /** As `<video>` reads it (HTML, section 4.8.11.2), but that nothing is loaded unless it is asked for. */
  #preload(): "none" | "metadata" | "auto" {
    const text = this.getAttribute("preload")?.toLowerCase();
    if (text === "") return "auto";
    return text === "metadata" || text === "auto" ? text : "none";
  }

  #playNatively(): void {
    const video = this.nativeEl;
    this.#isPlayExpected = video.paused;
    // Environments for tests play nothing, and give no promise.
    (video.play() as Promise<void> | undefined)?.then(
      () => {
        this.#plays.resolve();
      },
      (error: unknown) => {
        // hls.js takes the media away and gives it back, and then it plays again; an error is told by the attachment.
        const { name } = error as DOMException;
        if (name === "NotAllowedError" || !this.#attachment || (name === "AbortError" && video.paused))
          this.#plays.reject(error);
      },
    );
  }

  #onActivity(type: string): void {
    const { paused, currentTime, seeking, readyState } = this.nativeEl;
    if (type === "pause" && paused) this.#onPause();
    // Also by the browser's own controls, which know nothing of play() here.
    if (type === "play") {
      if (!this.#isPlayExpected) {
        this.#setError(null);
        this.#attachment?.retry();
      }
      this.#isPlayExpected = false;
    }
    const hasMoved = currentTime !== this.#position && !seeking && readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    this.#position = currentTime;
    // WebKit keeps playing across a new source, and after a return, but never settles the native play() before it.
    if (!paused && (type === "playing" || (type === "timeupdate" && hasMoved))) this.#plays.resolve();
    if (type === "playing" || type === "loadedmetadata" || (type === "timeupdate" && hasMoved)) this.#onProgress();
    if (type === "timeupdate") return;
    holdPlace(this, this.nativeEl);
    this.#follow();
  }

  #onPause(): void {
    this.#plays.reject();
    // Nothing is tried any more; whether it would still fail is not known.
    if (this.#error?.cause.retryable) this.#setError(null);
  }

  #onProgress(): void {
    this.#patience.renew();
    // What stopped the loading is still so while the film goes on from its buffer.
    if (this.#attachment?.hasFailed !== true) this.#trouble = null;
    this.#attachment?.playback?.onProgress(this.#position);
    if (this.#error && this.#attachment?.hasFailed === false) this.#setError(null);
  }

  /** Chromium's controls ignore a click on the picture of a video that has no data yet. */
  #onClick(event: Event): void {
    const { controls, paused, readyState } = this.nativeEl;
    if (!controls || !paused || readyState > 0 || event.defaultPrevented) return;
    event.preventDefault();
    this.play().catch(() => undefined);
  }

  #setError(error: PlaybackError | null): void {
    if (error === this.#error || (error && error.cause.code === this.#error?.cause.code)) return;
    this.#error = error;
    this.onErrorChange?.();
    if (error === null) return;
    this.dispatchEvent(new Event("error"));
    this.#plays.reject(error.cause);
    this.#follow();
  }
}

/** As `<video>` reads such an attribute (HTML, section 2.3.4.2). */
function pixels(element: Element, name: string): number {
  return Number.parseInt(element.getAttribute(name) ?? "", 10) || 0;
}

/** Defines `<ansdev-video>`, once; on a server it does nothing. */
export function defineVideoElement(): void {
  const registry = (globalThis as Partial<typeof globalThis>).customElements;
  if (!registry?.get("ansdev-video")) registry?.define("ansdev-video", AnsdevVideoElement);
}
