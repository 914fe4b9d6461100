/// <reference lib="esnext.disposable" preserve="true" />
import { type AnsdevError, invalid, localError } from "../protocol/errors.js";
import { TypedEventTarget } from "../platform/event-target.js";
import type {
  ErrorDetail,
  SessionState,
  StateDetail,
  TokenRefreshedDetail,
  TokenRefreshingDetail,
} from "../protocol/models.js";
import { typeName } from "./options.js";
import type { CoreEvent } from "../protocol/messages.js";
import type { CallOptions } from "./call-options.js";
import type { Remote } from "./remote.js";

/** Events of a session. No detail ever holds a token. */
export interface SessionEventMap {
  /** The session's state changed. `expiresAt` is in milliseconds since the Unix epoch, `null` without a token. */
  statechange: CustomEvent<StateDetail>;
  /** A token is being fetched. */
  tokenrefreshing: CustomEvent<TokenRefreshingDetail>;
  /** A token arrived. `expiresAt` is in milliseconds since the Unix epoch. */
  tokenrefreshed: CustomEvent<TokenRefreshedDetail>;
  /** A token could not be fetched. */
  tokenerror: CustomEvent<TokenErrorDetail>;
}

/** Detail of `tokenerror`. */
export interface TokenErrorDetail {
  /** Why there is no token. */
  error: AnsdevError;
  /** Whether the session tries again by itself. */
  willRetry: boolean;
}

/** @internal What a session is made with. */
export interface SessionParts {
  remote: Remote;
  handle: number;
  videoId: string;
  state: SessionState;
  expiresAt: number | null;
  visible: boolean;
  onDestroy: (session: Session) => void;
}

/**
 * The right to play one video, for as long as somebody watches: it always has a playback token that is valid, or
 * says why not. Sessions of one video share their token. Comes from {@link Client.openSession}.
 *
 * Methods that return a promise reject with an {@link AnsdevError}: `DESTROYED` after `destroy()`, `ABORTED` when
 * their `signal` is aborted, and whatever stood in the way of a token. While the cause is transient they wait up to
 * about 10 seconds for it to pass.
 */
export class Session extends TypedEventTarget<SessionEventMap> {
  readonly #remote: Remote;
  readonly #handle: number;
  readonly #videoId: string;
  readonly #onDestroy: (session: Session) => void;
  #state: SessionState;
  #expiresAt: number | null;
  #toldActive = false;
  #isActive: boolean;
  #isNeeded = true;

  /** Destroys the session at the end of a `using` block, where the browser has `Symbol.dispose`. */
  declare [Symbol.dispose]: () => void;

  /** @internal */
  constructor({ remote, handle, videoId, state, expiresAt, visible, onDestroy }: SessionParts) {
    super();
    this.#remote = remote;
    this.#handle = handle;
    this.#videoId = videoId;
    this.#state = state;
    this.#expiresAt = expiresAt;
    this.#onDestroy = onDestroy;
    this.#isActive = visible;
    this.#tell();
    if ((Symbol as Partial<typeof Symbol>).dispose)
      this[Symbol.dispose] = () => {
        this.destroy();
      };
  }

  /** The video that the session plays. */
  get videoId(): string {
    return this.#videoId;
  }

  /** Where the token is in its life. */
  get state(): SessionState {
    // Nothing wakes an idle core when a token that nobody needs expires.
    if (this.expiresAt !== null || this.#expiresAt === null) return this.#state;
    return this.#state === "refreshing" ? "minting" : "idle";
  }

  /**
   * When the current token expires, in milliseconds since the Unix epoch; `null` without a token. It may lie in the
   * past while nobody watches: then nothing is renewed.
   */
  get expiresAt(): number | null {
    return this.#expiresAt !== null && this.#expiresAt > Date.now() ? this.#expiresAt : null;
  }

  /** A token that is valid now. */
  async getToken(options?: CallOptions): Promise<string> {
    return this.#call("getToken", options);
  }

  /**
   * The URL with the current token in it, where it is one of Ansdev's playlist or AES-key addresses on the client's
   * `baseUrl`; every other URL unchanged. Call it for each request; never cache the result.
   */
  async resolve(url: string | URL, options?: CallOptions): Promise<string> {
    this.#alive();
    if (typeof url !== "string" && !(url instanceof URL)) {
      throw invalid(`resolve got a URL of the type ${typeName(url)}; expected a string or a URL`);
    }
    return this.#remote.call("resolve", [this.#handle, String(url)], options);
  }

  /** The address of the video's playlist, with the current token in it. */
  async manifestUrl(options?: CallOptions): Promise<string> {
    return this.#call("manifestUrl", options);
  }

  /** The address of the hosted player page for the current token, fit for an `<iframe>`. */
  async playerUrl(options?: CallOptions): Promise<string> {
    return this.#call("playerUrl", options);
  }

  /**
   * Says whether somebody watches; while nobody does, no token is renewed. A session that was never told counts as
   * active while the document is visible.
   *
   * @throws {@link AnsdevError} `INVALID_OPTIONS` for anything but true and false.
   */
  setActive(active: boolean): void {
    checkFlag("setActive", active);
    if (this.#state === "destroyed") return;
    this.#toldActive = true;
    this.#isActive = active;
    this.#tell();
  }

  /**
   * Says whether a request of what is left of the film can still need a token: `false` once no playlist is live and
   * every playlist and key is loaded. Then no token is renewed ahead; a request that comes all the same fetches one.
   * Players that were attached say it by themselves; a session that was never told counts as needing one.
   *
   * @throws {@link AnsdevError} `INVALID_OPTIONS` for anything but true and false.
   */
  setNeeded(needed: boolean): void {
    checkFlag("setNeeded", needed);
    this.#isNeeded = needed;
    this.#tell();
  }

  /**
   * Says that the server refused the token (401 or 403). The next call fetches another, though not more often than
   * the server can be asked: then it rejects with the refusal's error.
   *
   * @param rejected - The token, or the URL with it, that was refused; so a token that is newer survives.
   * @throws {@link AnsdevError} `INVALID_OPTIONS` where it is something else.
   */
  invalidate(rejected?: string): void {
    if (rejected !== undefined && typeof rejected !== "string") {
      throw invalid(
        `invalidate got a value of the type ${typeName(rejected)}; expected a token or URL as text, or nothing`,
      );
    }
    if (this.#state !== "destroyed") this.#remote.notify("invalidate", [this.#handle, rejected]);
  }

  /** Ends the session. Afterwards its methods reject with `DESTROYED`. Idempotent. */
  destroy(): void {
    if (this.#state === "destroyed") return;
    this.#remote.notify("closeSession", [this.#handle]);
    this.#onDestroy(this);
    this.#change({ state: "destroyed", expiresAt: null });
  }

  /** @internal The page became visible, or was hidden. */
  onVisibility(visible: boolean): void {
    if (this.#toldActive) return;
    this.#isActive = visible;
    this.#tell();
  }

  /** @internal The Worker was lost: for good, with an error; else there is another, which knows nothing of the session. */
  onLost(detail: ErrorDetail | null): void {
    if (detail) {
      this.#change({ state: "failed", expiresAt: null });
      const error = this.#remote.errorFrom(detail);
      this.dispatchEvent(new CustomEvent("tokenerror", { detail: { error, willRetry: false } }));
    } else {
      this.#remote.reopen(this.#handle, this.#videoId);
      this.#tell();
      this.#change({ state: "idle", expiresAt: null });
    }
  }

  #tell(): void {
    if (this.#state === "destroyed") return;
    this.#remote.notify("setNeeded", [this.#handle, this.#isNeeded]);
    this.#remote.notify("setActive", [this.#handle, this.#isActive]);
  }

  /** @internal The core has news of the session's video. */
  onEvent(event: CoreEvent): void {
    if (this.#state === "destroyed") return;
    if (event.name === "statechange") {
      this.#change(event.detail);
    } else if (event.name === "tokenerror") {
      const { error, willRetry } = event.detail;
      this.dispatchEvent(new CustomEvent(event.name, { detail: { error: this.#remote.errorFrom(error), willRetry } }));
    } else {
      this.dispatchEvent(new CustomEvent(event.name, { detail: event.detail }));
    }
  }

  #change(detail: StateDetail): void {
    this.#state = detail.state;
    this.#expiresAt = detail.expiresAt;
    this.dispatchEvent(new CustomEvent("statechange", { detail }));
  }

  async #call(name: "getToken" | "manifestUrl" | "playerUrl", options: CallOptions | undefined): Promise<string> {
    this.#alive();
    return this.#remote.call(name, [this.#handle], options);
  }

  #alive(): void {
    if (this.#state === "destroyed") throw localError("DESTROYED", "The session was destroyed; open a new one");
  }
}

/** The page's code is not checked by our compiler: anything can come. */
function checkFlag(method: string, value: unknown): void {
  if (typeof value !== "boolean")
    throw invalid(`${method} got a value of the type ${typeName(value)}; expected true or false`);
}
