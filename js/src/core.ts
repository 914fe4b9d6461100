/** The WebAssembly core as the host sees it: the exports of `src/web/` in Rust. */
import type { TokenReason } from "./models.js";

/** What the core asks of its surroundings. */
export interface CoreHost {
  emit(type: string, videoId: string | undefined, detail: object): void;
  provide(videoId: string, reason: TokenReason, signal: AbortSignal): Promise<object>;
  /** Only with `shareAcrossTabs`. Rejects once the signal is aborted. */
  beforeMint(videoId: string, reason: TokenReason, signal: AbortSignal): Promise<void>;
  /** Only with `shareAcrossTabs`. */
  afterMint(videoId: string, token: SharedToken | undefined): void;
}

/** A token as another tab can use it; `expiresIn` is what is left of its life, in seconds. */
export interface SharedToken {
  token: string;
  expiresIn: number;
  playerUrl: string | null;
}

/** `call` numbers are unique per core; every promise rejects with an `ErrorDetail`. */
export interface Core {
  readonly keyPrefix: string | undefined;
  listVideos(call: number, limit?: number, cursor?: string): Promise<unknown>;
  getVideo(call: number, id: string): Promise<unknown>;
  openSession(videoId: string): number;
  getToken(call: number, session: number): Promise<string>;
  resolve(call: number, session: number, url: string): Promise<string>;
  manifestUrl(call: number, session: number): Promise<string>;
  playerUrl(call: number, session: number): Promise<string>;
  cancel(call: number): void;
  setActive(session: number, active: boolean): void;
  invalidate(session: number, rejected?: string): void;
  closeSession(session: number): void;
  wake(): void;
  setOnline(online: boolean): void;
  adopt(videoId: string, token: string, expiresIn: number, playerUrl?: string): void;
  shareable(videoId: string): SharedToken | undefined;
  destroy(): void;
}

/** The constructor that the generated glue exports as `Core`. Throws an `ErrorDetail`. */
export type CoreConstructor = new (
  key: Uint8Array | undefined,
  baseUrl: string,
  onDemand: boolean,
  shareAcrossTabs: boolean,
  host: CoreHost,
) => Core;
