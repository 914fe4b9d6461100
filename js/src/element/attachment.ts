import type { HlsConfig } from "hls.js";

import { Viewer } from "../adapters/audience.js";
import { chooseHls } from "./choose-hls.js";
import { noClientPending } from "../client/clients-pending.js";
import { hold, letGo } from "./held-session.js";
import type { HlsConstructor } from "./load-hls.js";
import { type AnsdevError, invalid, isAnsdevError, localError } from "../protocol/errors.js";
import { Playback, type PlaybackParts } from "./playback.js";
import { PlaybackError } from "./playback-error.js";
import type { Session } from "../client/session.js";
import { forwardEvents, type Source } from "./source.js";

/** What an attachment needs of its element. */
export interface AttachmentParts extends Pick<PlaybackParts, "video" | "play" | "isWanted" | "report" | "onTrouble"> {
  element: EventTarget;
  source: Source;
  /** Where to begin, in seconds. */
  startAt: number;
  /** The element's `Hls` and `hlsConfig`, read when they are needed. */
  settings: () => { Hls: HlsConstructor | null; hlsConfig: Partial<HlsConfig> };
  /** Told when it has changed what it can do: it can load, or try again. */
  onChange: () => void;
}

/** Milliseconds before the first new try to open a session or to load hls.js; doubled each time, up to the longest. */
const FIRST_PAUSE = 1_000;
const MAX_PAUSE = 10_000;

/** All that an element holds while it plays a source: the session, hls.js, and what listens to them. */
export class Attachment {
  /** What it plays. */
  readonly source: Source;
  readonly #parts: AttachmentParts;
  readonly #life = new AbortController();
  #held: { session: Session; viewer: Viewer } | null = null;
  #playback: Playback | null = null;
  /** Ends the wait before another try to open it; `null` while none waits. */
  #openAgain: (() => void) | null = null;

  constructor(parts: AttachmentParts) {
    this.#parts = parts;
    this.source = parts.source;
    if (parts.source.session) this.#hold(parts.source.session);
    void this.#open();
  }

  /** The session that plays; `null` before it is open. */
  get session(): Session | null {
    return this.#held?.session ?? null;
  }

  /** What plays it; `null` before it can. */
  get playback(): Playback | null {
    return this.#playback;
  }

  /** Whether an error stopped it. */
  get hasFailed(): boolean {
    return this.#playback?.hasFailed ?? this.#openAgain !== null;
  }

  /** Where the viewer is, or is to begin, in seconds. */
  get position(): number {
    const { video, startAt } = this.#parts;
    return video.readyState > 0 && this.#playback ? video.currentTime : startAt;
  }

  /** Says whether somebody watches. */
  setWatched(isWatched: boolean): void {
    this.#held?.viewer.setActive(isWatched);
  }

  /** Tries again after an error, at once. */
  retry(): void {
    this.#openAgain?.();
    this.#playback?.resume(true);
  }

  /** Lets go of all of it, and leaves the video element empty. */
  release(): void {
    this.#life.abort();
    this.#openAgain?.();
    this.#playback?.release();
    if (this.#held === null) return;
    this.#held.viewer.leave();
    letGo(this.#held.session);
  }

  #hold(session: Session): void {
    const { element, source } = this.#parts;
    const { signal } = this.#life;
    this.#held = { session, viewer: new Viewer(session) };
    hold(session, session !== source.session);
    forwardEvents(session, element, signal);
  }

  async #open(): Promise<void> {
    const { signal } = this.#life;
    const { video, report } = this.#parts;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, MAX_PAUSE)) {
      try {
        const { Hls, hlsConfig } = this.#parts.settings();
        // Both at once; what goes wrong here is told below.
        const choice = chooseHls(Hls, video);
        choice.catch(() => undefined);
        if (this.#held === null) await this.#openSession();
        const chosen = await choice;
        if (!signal.aborted) this.#begin(chosen, hlsConfig);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const cause = isAnsdevError(error)
          ? error
          : localError("NETWORK", `hls.js could not be loaded: ${String(error)}`, { cause: error });
        const again = new Promise<void>((resolve) => {
          this.#openAgain = resolve;
          if (cause.retryable) setTimeout(resolve, Math.max(pause, (cause.retryAfter ?? 0) * 1_000));
        });
        report(PlaybackError.from(cause, false));
        await again;
        this.#openAgain = null;
        if (this.#life.signal.aborted) return;
      }
    }
  }

  async #openSession(): Promise<void> {
    const { source } = this.#parts;
    const { signal } = this.#life;
    if (source.client === null) throw await missingClient(signal);
    const session = await source.client.openSession(source.videoId, { signal });
    if (signal.aborted) session.destroy();
    else this.#hold(session);
  }

  #begin(Hls: HlsConstructor | null, hlsConfig: Partial<HlsConfig>): void {
    const { startAt, onChange } = this.#parts;
    if (this.#held === null) return;
    const config = startAt ? { startPosition: startAt, ...hlsConfig } : hlsConfig;
    this.#playback = new Playback({ ...this.#parts, ...this.#held, Hls, config, onDue: onChange });
    onChange();
  }
}

/** Why there is no client, once it is clear that none is on its way. */
async function missingClient(signal: AbortSignal): Promise<AnsdevError> {
  const failure = await noClientPending(signal);
  if (isAnsdevError(failure)) return failure;
  const message =
    "<ansdev-video> has a `video-id` but no client; set its `client` property: element.client = await createClient(…)";
  if (!signal.aborted) console.error(message);
  return invalid(message);
}
