import type { SharedToken } from "../protocol/callbacks.js";
import type { Core } from "../protocol/core.js";
import { delay } from "../platform/delay.js";
import type { TokenReason } from "../protocol/models.js";

/** Milliseconds to wait for a tab that mints; one that is frozen, or hangs, must not stop the others. */
const LONGEST_TURN = 5_000;
/** Milliseconds to wait for another tab's token before the first one is minted. */
const LONGEST_QUESTION = 150;

/** Messages between the tabs. Every script of the site can read and send them: they hold tokens, never the key. */
type Message =
  | { type: "wanted"; videoId: string }
  | { type: "token"; videoId: string; token: string; playerUrl: string | null; expiresAt: number };

/** One mint among the tabs of a site: they take turns by a Web Lock, and tell each other what they got. */
export class TabShare {
  readonly #core: Core;
  readonly #scope: string;
  readonly #channel: BroadcastChannel;
  /** Ends this tab's turn, by video. */
  readonly #turns = new Map<string, () => void>();
  readonly #life = new AbortController();

  constructor(core: Core, baseUrl: string) {
    this.#core = core;
    this.#scope = `ansdev-player ${baseUrl}`;
    this.#channel = new BroadcastChannel(this.#scope);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#receive(data);
    };
    // Held for as long as the client lives, so that the others know that there is somebody to ask.
    const held = navigator.locks.request(this.#scope, { mode: "shared", signal: this.#life.signal }, async () => {
      await aborted(this.#life.signal);
    });
    held.catch(() => undefined);
  }

  /** Resolves when it is this tab's turn, or it has waited long enough. Rejects once the signal is aborted. */
  async beforeMint(videoId: string, reason: TokenReason, signal: AbortSignal): Promise<void> {
    const end = await this.#turn(videoId, signal);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    this.#turns.set(videoId, end);
    // Later ones were told when they were minted.
    if (reason === "initial" && (await this.#isAccompanied())) {
      this.#post({ type: "wanted", videoId });
      // The answer comes by `adopt`, which aborts the mint.
      await delay(LONGEST_QUESTION, signal);
    }
    signal.throwIfAborted();
  }

  /** Ends this tab's turn, and tells the others what it brought. */
  afterMint(videoId: string, token: SharedToken | undefined): void {
    if (token) this.#tell(videoId, token);
    this.#turns.get(videoId)?.();
    this.#turns.delete(videoId);
  }

  /** Leaves the other tabs alone. */
  close(): void {
    this.#channel.close();
    this.#life.abort();
    for (const end of this.#turns.values()) end();
    this.#turns.clear();
  }

  async #turn(videoId: string, signal: AbortSignal): Promise<() => void> {
    const waiting = new AbortController();
    const stop = (): void => {
      waiting.abort();
    };
    signal.addEventListener("abort", stop, { once: true });
    const timer = setTimeout(stop, LONGEST_TURN);
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
    const { held = [] } = await navigator.locks.query();
    return held.filter(({ name }) => name === this.#scope).length > 1;
  }

  #receive(data: unknown): void {
    const message = asMessage(data);
    if (message?.type === "wanted") {
      const token = this.#core.shareable(message.videoId);
      if (token) this.#tell(message.videoId, token);
    } else if (message?.type === "token") {
      const { videoId, token, playerUrl, expiresAt } = message;
      this.#core.adopt(videoId, token, (expiresAt - Date.now()) / 1000, playerUrl ?? undefined);
    }
  }

  #tell(videoId: string, { token, playerUrl, expiresIn }: SharedToken): void {
    // A moment, not a duration: a tab that is frozen reads it later.
    this.#post({ type: "token", videoId, token, playerUrl, expiresAt: Date.now() + expiresIn * 1000 });
  }

  #post(message: Message): void {
    if (!this.#life.signal.aborted) this.#channel.postMessage(message);
  }
}

/** Any script of the site can send anything. */
function asMessage(data: unknown): Message | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { type, videoId, token, playerUrl, expiresAt } = data as Record<string, unknown>;
  if (typeof videoId !== "string") return undefined;
  if (type === "wanted") return { type, videoId };
  const isToken = typeof token === "string" && typeof expiresAt === "number";
  if (type !== "token" || !isToken || (playerUrl !== null && typeof playerUrl !== "string")) return undefined;
  return { type, videoId, token, playerUrl, expiresAt };
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
