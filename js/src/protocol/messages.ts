/**
 * The messages between the page and the dispatcher beside the WebAssembly. The API key is in the `init` message to the
 * dispatcher and in no other; no message from the dispatcher holds it.
 */
import type { CallName, NotificationName } from "./calls.js";
import type {
  ErrorDetail,
  Quota,
  StateDetail,
  TokenErrorDetail,
  TokenReason,
  TokenRefreshedDetail,
  TokenRefreshingDetail,
} from "./models.js";

/** Where the dispatcher gets its WebAssembly from. A text is decoded on its side. */
export type WasmSource =
  | { kind: "text"; text: string }
  | { kind: "url"; url: string }
  | { kind: "bytes"; bytes: BufferSource }
  | { kind: "module"; module: WebAssembly.Module };

/** Everything the core is created with. */
export interface Init {
  type: "init";
  /** UTF-8 bytes of the API key; `undefined` where the page's `getToken` fetches the tokens. */
  key: Uint8Array | undefined;
  baseUrl: string;
  onDemand: boolean;
  shareAcrossTabs: boolean;
}

/** What `getToken` gave, after a `provide` message. */
export interface Provided {
  type: "provided";
  request: number;
  provided: { token: string; expiresIn: number; playerUrl?: string } | undefined;
  error: ErrorDetail | undefined;
}

/** Messages to the dispatcher. */
export type ToDispatcher =
  /** The first one to a Worker: where its messages go. */
  | { type: "connect"; port: MessagePort }
  /** What to run. Sent ahead, so that it is compiled while the Worker starts. */
  | { type: "prepare"; wasm: WasmSource }
  | Init
  // That `args` fit `name` is checked where messages are made, in `Remote`.
  | { type: "call"; call: number; name: CallName; args: unknown[] }
  | { type: "notify"; name: NotificationName; args: unknown[] }
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

/** Messages from the dispatcher. */
export type FromDispatcher =
  | { type: "booted" }
  | { type: "ready"; keyPrefix: string | null }
  | { type: "failed"; error: ErrorDetail }
  | { type: "resolved"; call: number; value: unknown }
  | { type: "rejected"; call: number; error: ErrorDetail }
  | CoreEvent
  | { type: "provide"; request: number; videoId: string; reason: TokenReason }
  | { type: "provideAborted"; request: number }
  | { type: "destroyed" }
  | { type: "crashed"; error: ErrorDetail };
