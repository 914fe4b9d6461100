import { handOn, OF_CONTROLS, OF_VIDEO } from "./attributes.js";
import type { Client } from "../client/client.js";
import type { HlsConstructor } from "../element/load-hls.js";
import { STYLE } from "./style.js";
import { sizeStyle } from "../element/size.js";
import { adoptStyle, createElement } from "../platform/page.js";
import { languageFor, textOf, textsFor } from "./texts.js";
import { Renditions } from "./renditions.js";
import { PLAYER_EVENTS, type PlayerAttributes } from "./tag.js";
import type { Session } from "../client/session.js";
import { type AnsdevVideoElement, defineVideoElement } from "../element/video-element.js";

/** Attributes of the player's own. */
const OWN: readonly string[] = ["height", "lang", "poster", "width"] satisfies (keyof PlayerAttributes)[];

// A server has no HTMLElement.
// eslint-disable-next-line @typescript-eslint/no-extraneous-class
const Base = (globalThis.HTMLElement as typeof HTMLElement | undefined) ?? (class {} as typeof HTMLElement);

/**
 * `<ansdev-player>`: `<ansdev-video>` with controls, a keyboard, menus for captions and quality, and a word for the
 * viewer when something stops it. The controls are Media Chrome's, and are loaded when the first player is used.
 *
 * Its properties are {@link client}, {@link session}, {@link hlsConfig} and {@link Hls}; everything else is on {@link media}.
 * Media Chrome's custom properties (`--media-…`) work as well.
 *
 * @slot - `<track>` elements, for captions; with `default` also `kind="chapters"`, and thumbnails as `kind="metadata"` with
 *   `label="thumbnails"`.
 * @csspart controller - Media Chrome's `<media-controller>`.
 * @csspart video - The `<ansdev-video>`.
 * @csspart poster - The picture before the first one.
 * @csspart loading - What turns while the film is awaited.
 * @csspart control-bar - The bar of buttons.
 * @csspart time-range - The bar that says where the film is.
 * @csspart time-display - The same in digits.
 * @csspart volume-range - How loud it is.
 * @csspart spacer - What keeps the left and right of the bar apart.
 * @csspart button - Every button; each has a part of its own as well: `play-button`, `seek-backward-button`,
 *   `seek-forward-button`, `mute-button`, `captions-menu-button`, `rendition-menu-button`, `playback-rate-menu-button`,
 *   `pip-button`, `airplay-button`, `fullscreen-button`.
 * @csspart menu - Every menu; each has a part of its own as well: `captions-menu`, `quality-menu`, `rate-menu`.
 * @csspart message - The screen that says what stopped the film.
 * @csspart message-text - Its words.
 * @csspart retry - Its button.
 * @cssprop [--ansdev-player-accent=#6d8dff] - Where the film is, and what has the focus.
 * @cssprop [--ansdev-player-color=#fff] - Texts and signs.
 * @cssprop [--ansdev-player-surface=rgb(18 20 26 / 0.94)] - Menus.
 * @cssprop [--ansdev-player-font=system-ui, sans-serif] - The font.
 */
export class AnsdevPlayerElement extends Base {
  /** The video inside; it has every property, method and event of a media element. */
  readonly media: AnsdevVideoElement;
  readonly #renditions = new Renditions();
  readonly #message = createElement("div");
  readonly #text = createElement("p");
  readonly #retry = createElement("button");
  /** The controls, once they are wanted; `null` inside where they could not be loaded. */
  #controls: Promise<HTMLElement | null> | null = null;

  /** The attributes that the element watches. */
  static get observedAttributes(): readonly string[] {
    return [...OF_VIDEO, ...OF_CONTROLS, ...OWN];
  }

  constructor() {
    super();
    defineVideoElement();
    this.media = createElement("ansdev-video");
    this.media.setAttribute("part", "video");
    this.media.append(createElement("slot"));
    Object.defineProperty(this.media, "videoRenditions", { value: this.#renditions });
    this.#message.setAttribute("part", "message");
    this.#message.setAttribute("role", "alert");
    this.#message.hidden = true;
    this.#text.setAttribute("part", "message-text");
    this.#retry.setAttribute("part", "retry");
    this.#retry.type = "button";
    this.#message.append(this.#text, this.#retry);

    this.attachShadow({ mode: "open" }).append(this.media, this.#message);
    this.#style();
    this.#listen();
  }

  /** The client that opens the video's session. */
  get client(): Client | null {
    return this.media.client;
  }

  set client(client: Client | null) {
    this.media.client = client;
  }

  /** The session that plays; see the video's. */
  get session(): Session | null {
    return this.media.session;
  }

  set session(session: Session | null) {
    this.media.session = session;
  }

  /** The hls.js class to play with. */
  get Hls(): HlsConstructor | null {
    return this.media.Hls;
  }

  set Hls(Hls: HlsConstructor | null) {
    this.media.Hls = Hls;
  }

  /** Merged into hls.js's configuration. Set it before the video loads. */
  get hlsConfig(): AnsdevVideoElement["hlsConfig"] {
    return this.media.hlsConfig;
  }

  set hlsConfig(config: AnsdevVideoElement["hlsConfig"]) {
    this.media.hlsConfig = config;
  }

  /** What stopped the video; `null` while nothing did. */
  get error(): AnsdevVideoElement["error"] {
    return this.media.error;
  }

  /** Starts playing; after an error it tries again. */
  play(): Promise<void> {
    return this.media.play();
  }

  /** Pauses. */
  pause(): void {
    this.media.pause();
  }

  /** @internal */
  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (OWN.includes(name)) {
      this.#style();
      void this.#tellControls();
      this.#showError();
    } else if ((OF_CONTROLS as readonly string[]).includes(name)) void this.#tellControls();
    else handOn(this, this.media, name);
    // To a video that is there already the attribute says nothing (HTML, section 4.8.11.13).
    if (name === "muted") this.media.muted = value !== null;
  }

  /** @internal */
  connectedCallback(): void {
    for (const name of ["client", "session", "Hls", "hlsConfig"] as const) this.#upgrade(name);
    this.#controls ??= this.#addControls();
    // It may have come to a place with another language.
    void this.#tellControls();
  }

  /** @internal */
  adoptedCallback(): void {
    this.#style();
  }

  /** A property that a framework set before the element was defined would hide the accessor. */
  #upgrade(name: "client" | "session" | "Hls" | "hlsConfig"): void {
    const own = Object.getOwnPropertyDescriptor(this, name);
    if (own === undefined) return;
    Reflect.deleteProperty(this, name);
    Object.assign(this, { [name]: own.value as unknown });
  }

  get #language(): string {
    return languageFor(this.closest("[lang]")?.getAttribute("lang") ?? navigator.language);
  }

  #style(): void {
    if (this.shadowRoot) adoptStyle(this.shadowRoot, STYLE + sizeStyle(this));
  }

  async #addControls(): Promise<HTMLElement | null> {
    try {
      const { createControls, dress, learn } = await import("./controls.js");
      const language = this.#language;
      await learn(language);
      // In one task: the video moves, and must not count as removed.
      const controls = createControls(this, this.media, language);
      // The message must be seen in full screen as well.
      Object.assign(controls, { fullscreenElement: this });
      dress(this, controls, language);
      this.shadowRoot?.prepend(controls);
      return controls;
    } catch (error) {
      console.error("<ansdev-player>: its controls could not be loaded; the browser's are shown", error);
      this.media.controls = true;
      return null;
    }
  }

  /** Tells the controls what has changed. */
  async #tellControls(): Promise<void> {
    const controls = await this.#controls;
    if (controls === null) return;
    const { dress, learn } = await import("./controls.js");
    const language = this.#language;
    await learn(language);
    // The one that it is to be meanwhile follows.
    if (language === this.#language) dress(this, controls, language);
  }

  #listen(): void {
    const { media } = this;
    for (const type of PLAYER_EVENTS) {
      media.addEventListener(type, (event) => {
        this.dispatchEvent(new CustomEvent(type, { detail: (event as CustomEvent<unknown>).detail }));
      });
    }
    media.addEventListener("loadedmetadata", () => {
      this.#renditions.show(media.hls);
    });
    media.addEventListener("emptied", () => {
      this.#renditions.show(media.hls);
    });
    media.onErrorChange = () => {
      this.#showError();
    };
    this.#retry.addEventListener("click", () => {
      // What comes of it is told by events.
      this.play().catch(() => undefined);
    });
  }

  #showError(): void {
    // Environments for tests play nothing, and their videos know of no error.
    const error = (this.media.error as AnsdevVideoElement["error"] | undefined) ?? null;
    this.#message.hidden = error === null;
    if (error === null) return;
    const texts = textsFor(this.#language);
    const kind = textOf(error);
    this.#message.dataset["state"] = kind;
    this.#text.textContent = texts[kind];
    this.#retry.textContent = texts.retry;
  }
}

/** Defines `<ansdev-player>`, once; on a server it does nothing. */
export function definePlayerElement(): void {
  const registry = (globalThis as Partial<typeof globalThis>).customElements;
  if (!registry?.get("ansdev-player")) registry?.define("ansdev-player", AnsdevPlayerElement);
}
