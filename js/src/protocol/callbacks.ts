import type { TokenReason } from "./models.js";

/** What the core asks of the JavaScript around it (`src/web/callbacks.rs`). */
export interface CoreCallbacks {
  emit(type: string, videoId: string | undefined, detail: object): void;
  provide(videoId: string, reason: TokenReason, signal: AbortSignal): Promise<object>;
  /** Only with `shareAcrossTabs`. Rejects once the signal is aborted. */
  beforeMint(videoId: string, reason: TokenReason, signal: AbortSignal): Promise<void>;
  /** Only with `shareAcrossTabs`. */
  afterMint(videoId: string, token: SharedToken | undefined, signal: AbortSignal): void;
}

/** A token as another tab can use it. Both times in seconds: how long it lives in all, and how long ago it was asked for. */
export interface SharedToken {
  token: string;
  expiresIn: number;
  age: number;
}
