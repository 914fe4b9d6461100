import type { SharedToken } from "../protocol/callbacks.js";
import type { Core } from "../protocol/core.js";
import { delay } from "../platform/delay.js";
import type { TokenReason } from "../protocol/models.js";

/** Milliseconds to wait for a tab that mints; one that is frozen, or hangs, must not stop the others. */
const TURN_TIMEOUT = 5_000;
/** Milliseconds to wait for another tab's token before one is minted. */
const MAX_WAIT = 150;
/** Milliseconds in which all questions for one video get one answer: a flood of them is answered no more often. */
const ANSWER_PAUSE = 20;

/** Characters of the longest token that is taken from another tab; a real one has a few hundred. */
const MAX_TOKEN_LENGTH = 4_096;

/** Messages between the tabs. Every script of the site can read and send them: they hold tokens, never the key. */
type Message =
  | { type: "wanted"; videoId: string }
  | { type: "token"; videoId: string; token: string; expiresIn: number; mintedAt: number };

/** One mint among the tabs of a site: they take turns by a Web Lock, and tell each other what they got. */
export class TabShare {
  readonly #core: Core;
  readonly #scope: string;
  readonly #channel: BroadcastChannel;
  /** Ends a mint's turn, by the mint's signal. */
  readonly #turns = new Map<AbortSignal, () => void>();
  /** Videos that somebody has asked for, and that are answered in a moment. */
  readonly #asked = new Set<string>();
  readonly #life = new AbortController();

  constructor(core: Core, baseUrl: string) {
    this.#core = core;
    this.#scope = `ansdev-player ${baseUrl}`;
    this.#channel = new BroadcastChannel(this.#scope);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#receive(data);
    };
    // Held for as long as the client lives, so that the others know that there is somebody to ask.
    // The Worker of a sandboxed frame may have none although its page has: it is alone.
    const { locks } = navigator as Partial<Navigator>;
    locks
      ?.request(this.#scope, { mode: "shared", signal: this.#life.signal }, async () => {
        await aborted(this.#life.signal);
      })
      .catch(() => undefined);
  }

  /** Resolves when it is this tab's turn, or it has waited long enough. Rejects once the signal is aborted. */
  async beforeMint(videoId: string, reason: TokenReason, signal: AbortSignal): Promise<void> {
    const end = await this.#turn(videoId, signal);
    const leave = (): void => {
      this.#turns.delete(signal);
      end();
    };
    this.#turns.set(signal, leave);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    // Also before a renewal: another tab's token that was told when ours was good counted for nothing then. One that the
    // server refused is replaced by a mint of our own.
    if (reason !== "rejected" && !signal.aborted && (await this.#isAccompanied())) {
      this.#post({ type: "wanted", videoId });
      // The answer comes by `adopt`, which aborts the mint.
      await delay(MAX_WAIT, signal);
    }
    signal.throwIfAborted();
  }

  /** Ends the turn of the mint with this signal, and tells the others what it brought. */
  afterMint(videoId: string, token: SharedToken | undefined, signal: AbortSignal): void {
    if (token) this.#tell(videoId, token);
    this.#turns.get(signal)?.();
  }

  /** Leaves the other tabs alone. */
  close(): void {
    this.#channel.close();
    this.#life.abort();
    for (const leave of [...this.#turns.values()]) leave();
  }

  async #turn(videoId: string, signal: AbortSignal): Promise<() => void> {
    const waiting = new AbortController();
    const stop = (): void => {
      waiting.abort();
    };
    signal.addEventListener("abort", stop, { once: true });
    const timer = setTimeout(stop, TURN_TIMEOUT);
    try {
      return await new Promise<() => void>((resolve, reject) => {
        const turn = navigator.locks.request(
          `${this.#scope} ${videoId}`,
          { signal: waiting.signal },
          () =>
            new Promise<void>((end) => {
              resolve(end);
            }),
        );
        turn.catch(reject);
      });
    } catch {
      signal.throwIfAborted();
      // Whoever has the turn does not give it back: done without.
      return () => undefined;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  }

  async #isAccompanied(): Promise<boolean> {
    try {
      const { held = [] } = await navigator.locks.query();
      return held.filter(({ name }) => name === this.#scope).length > 1;
    } catch {
      // Denied, as in a sandboxed frame: nobody to ask.
      return false;
    }
  }

  #receive(data: unknown): void {
    const message = asMessage(data);
    if (message?.type === "wanted") {
      const { videoId } = message;
      if (this.#asked.has(videoId) || !this.#core.shareable(videoId)) return;
      this.#asked.add(videoId);
      void delay(ANSWER_PAUSE).then(() => {
        this.#asked.delete(videoId);
        const token = this.#life.signal.aborted ? undefined : this.#core.shareable(videoId);
        if (token) this.#tell(videoId, token);
      });
    } else if (message?.type === "token") {
      const { videoId, token, expiresIn, mintedAt } = message;
      this.#core.adopt(videoId, token, expiresIn, Math.max(0, Date.now() - mintedAt) / 1000);
    }
  }

  #tell(videoId: string, { token, expiresIn, age }: SharedToken): void {
    // A moment, not a duration: a tab that is frozen reads it later.
    this.#post({ type: "token", videoId, token, expiresIn, mintedAt: Date.now() - age * 1000 });
  }

  #post(message: Message): void {
    if (!this.#life.signal.aborted) this.#channel.postMessage(message);
  }
}

/** Any script of the site can send anything. */
function asMessage(data: unknown): Message | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { type, videoId, token, expiresIn, mintedAt } = data as Record<string, unknown>;
  if (typeof videoId !== "string") return undefined;
  if (type === "wanted") return { type, videoId };
  if (type !== "token" || typeof token !== "string" || token.length > MAX_TOKEN_LENGTH) return undefined;
  if (typeof expiresIn !== "number" || typeof mintedAt !== "number") return undefined;
  return { type, videoId, token, expiresIn, mintedAt };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
