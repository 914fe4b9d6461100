import { isVisible, watchActivity } from "./activity.js";
import { TypedEventTarget } from "../platform/event-target.js";
import type { OpenedSession, Quota } from "../protocol/models.js";
import type { Isolation } from "./options.js";
import { localError } from "../protocol/errors.js";
import type { CoreEvent } from "../protocol/messages.js";
import type { CallOptions } from "./call-options.js";
import type { Remote } from "./remote.js";
import { Session } from "./session.js";
import { checkVideoId, Videos } from "./videos.js";

/** Events of a client. */
export interface ClientEventMap {
  /** The day's tokens, after every mint. */
  quotachange: CustomEvent<Quota>;
  /** 5 % of the day's tokens are left; from now on one is spent only when a request needs it. */
  quotalow: CustomEvent<Quota>;
  /** The day's tokens are spent. */
  quotaexceeded: CustomEvent<Quota>;
}

/** @internal What a client is made with. */
export interface ClientParts {
  remote: Remote;
  isolation: Isolation;
  keyPrefix: string | null;
}

/**
 * One API key, or one token function, and everything that is done with it. Comes from `createClient`.
 *
 * Methods that return a promise reject with an {@link AnsdevError}: `DESTROYED` after `destroy()`, `ABORTED` when
 * their `signal` is aborted.
 */
export class Client extends TypedEventTarget<ClientEventMap> {
  // The way to the key's realm. No object that the page can reach exposes it.
  readonly #remote: Remote;
  readonly #videos: Videos;
  readonly #isolation: Isolation;
  readonly #keyPrefix: string | null;
  readonly #sessions = new Set<Session>();
  readonly #life = new AbortController();
  #quota: Quota | null = null;

  /** Destroys the client at the end of a `using` block, where the browser has `Symbol.dispose`. */
  declare [Symbol.dispose]: () => void;

  /** @internal */
  constructor({ remote, isolation, keyPrefix }: ClientParts) {
    super();
    this.#remote = remote;
    this.#videos = new Videos(remote);
    this.#isolation = isolation;
    this.#keyPrefix = keyPrefix;
    remote.onEvent = (event) => {
      this.#onEvent(event);
    };
    remote.onLost = (error) => {
      for (const session of [...this.#sessions]) session.onLost(error);
    };
    watchActivity(
      {
        onVisibility: (visible) => {
          for (const session of this.#sessions) session.onVisibility(visible);
        },
        onWake: () => {
          remote.notify("wake", []);
        },
        onOnline: (online) => {
          remote.notify("setOnline", [online]);
        },
      },
      this.#life.signal,
    );
    if ((Symbol as Partial<typeof Symbol>).dispose)
      this[Symbol.dispose] = () => {
        this.destroy();
      };
  }

  /** The videos that the API key may see. */
  get videos(): Videos {
    return this.#videos;
  }

  /** The day's tokens, as the last mint told them; `null` before the first one. */
  get quota(): Quota | null {
    return this.#quota;
  }

  /** The first 12 characters of the API key, which may be shown; `null` with `getToken`. */
  get keyPrefix(): string | null {
    return this.#keyPrefix;
  }

  /** Where the API key lives. */
  get isolation(): Isolation {
    return this.#isolation;
  }

  /**
   * Opens a session for a video. No token is spent before one is asked for.
   *
   * Rejects with an {@link AnsdevError}; `INVALID_OPTIONS` for an id that is empty or over 64 characters.
   */
  async openSession(videoId: string, options?: CallOptions): Promise<Session> {
    checkVideoId(videoId);
    let session: Session | undefined;
    // Not after the promise: an event that comes right behind the answer would find no session.
    const begin = ({ handle, state, expiresAt }: OpenedSession): void => {
      session = new Session({
        remote: this.#remote,
        handle,
        videoId,
        state,
        expiresAt,
        visible: isVisible(),
        onDestroy: (ended) => {
          this.#sessions.delete(ended);
        },
      });
      this.#sessions.add(session);
    };
    await this.#remote.call("openSession", [videoId], options, begin);
    if (session === undefined) throw localError("DESTROYED", "The client was destroyed; create a new one");
    return session;
  }

  /** Ends every session, wipes the API key and ends its Worker. Afterwards everything rejects. Idempotent. */
  destroy(): void {
    // The key first: what follows calls functions that a script may have broken.
    this.#remote.destroy();
    for (const session of [...this.#sessions]) session.destroy();
    this.#life.abort();
  }

  #onEvent(event: CoreEvent): void {
    switch (event.name) {
      case "quotachange":
      case "quotalow":
      case "quotaexceeded":
        this.#quota = event.detail;
        this.dispatchEvent(new CustomEvent(event.name, { detail: event.detail }));
        break;
      default: {
        // A listener may open or destroy sessions.
        for (const session of [...this.#sessions]) if (session.videoId === event.videoId) session.onEvent(event);
      }
    }
  }
}
