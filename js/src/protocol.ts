/**
 * What the page and the host beside the wasm say to each other. The API key is in the `init` message to the host and in
 * no other; no message from the host holds it.
 */
import type {
  ErrorDetail,
  Quota,
  StateDetail,
  TokenErrorDetail,
  TokenReason,
  TokenRefreshedDetail,
  TokenRefreshingDetail,
  Video,
  VideoPage,
} from "./models.js";

/** Where the host gets its WebAssembly from. A text is decoded on the host's side. */
export type WasmSource =
  | { kind: "text"; text: string }
  | { kind: "url"; url: string }
  | { kind: "bytes"; bytes: BufferSource }
  | { kind: "module"; module: WebAssembly.Module };

/** Questions to the core, and what they are answered with. */
export interface Calls {
  listVideos(limit: number | undefined, cursor: string | undefined): VideoPage;
  getVideo(id: string): Video;
  openSession(videoId: string): number;
  getToken(session: number): string;
  resolve(session: number, url: string): string;
  manifestUrl(session: number): string;
  playerUrl(session: number): string;
}

/** What the core is told without being asked for an answer. */
export interface Tellings {
  cancel(call: number): void;
  setActive(session: number, active: boolean): void;
  invalidate(session: number, rejected: string | undefined): void;
  closeSession(session: number): void;
  wake(): void;
  setOnline(online: boolean): void;
}

/** The arguments of one of a table's methods. */
export type Arguments<Table, Name extends keyof Table> = Table[Name] extends (...rest: infer Rest) => unknown
  ? Rest
  : never;

/** The answer of one of the calls. */
export type Answer<Name extends keyof Calls> = ReturnType<Calls[Name]>;

/** Everything the core is created with. */
export interface Init {
  type: "init";
  /** UTF-8 bytes of the API key; `undefined` where the page's `getToken` fetches the tokens. */
  key: Uint8Array | undefined;
  baseUrl: string;
  onDemand: boolean;
  shareAcrossTabs: boolean;
}

/** An answer to a `provide` message. */
export interface Provided {
  type: "provided";
  request: number;
  answer: { token: string; expiresIn: number; playerUrl?: string } | undefined;
  error: ErrorDetail | undefined;
}

/** Messages to the host. */
export type ToHost =
  /** The first one to a Worker: where its messages go. */
  | { type: "connect"; port: MessagePort }
  /** What to run. Sent ahead, so that it is compiled while the Worker starts. */
  | { type: "prepare"; wasm: WasmSource }
  | Init
  // That `args` fit `name` is checked where messages are made, in `Remote`.
  | { type: "call"; call: number; name: keyof Calls; args: unknown[] }
  | { type: "tell"; name: keyof Tellings; args: unknown[] }
  | Provided
  | { type: "destroy" };

/** Events of the core, and their details in plain form. */
export interface CoreEvents {
  statechange: StateDetail;
  tokenrefreshing: TokenRefreshingDetail;
  tokenrefreshed: TokenRefreshedDetail;
  tokenerror: TokenErrorDetail;
  quotachange: Quota;
  quotalow: Quota;
  quotaexceeded: Quota;
}

/** One event of the core. `videoId` is `undefined` for the client's own. */
export type CoreEvent = {
  [Name in keyof CoreEvents]: { type: "event"; name: Name; videoId: string | undefined; detail: CoreEvents[Name] };
}[keyof CoreEvents];

/** Messages from the host. */
export type FromHost =
  | { type: "booted" }
  | { type: "ready"; keyPrefix: string | null }
  | { type: "failed"; error: ErrorDetail }
  | { type: "answer"; call: number; value: unknown }
  | { type: "refusal"; call: number; error: ErrorDetail }
  | CoreEvent
  | { type: "provide"; request: number; videoId: string; reason: TokenReason }
  | { type: "provideAborted"; request: number }
  | { type: "destroyed" }
  | { type: "crashed"; error: ErrorDetail };
