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

/** Everything the core is created with. */
export interface Init {
  type: "init";
  /** UTF-8 bytes of the API key; `undefined` where the page's `getToken` fetches the tokens. */
  key: Uint8Array | undefined;
  baseUrl: string;
  onDemand: boolean;
  shareAcrossTabs: boolean;
  /** The videos that the client is for; `undefined` for all of the key's. */
  videoIds: readonly string[] | undefined;
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
  /**
   * The first one to a Worker: where its messages go, the page's version, and the address of the WebAssembly for a
   * script that has none inside. What is at the address runs only if it is of the script's own build.
   */
  | { type: "connect"; port: MessagePort; version: string; wasmUrl: string | undefined }
  | Init
  // That `args` fit `name` is checked where messages are made, in `Remote`.
  | { type: "call"; call: number; name: CallName; args: unknown[] }
  | { type: "notify"; name: NotificationName; args: unknown[] }
  | Provided
  /** Answered at once: whether the Worker is still there. */
  | { type: "ping" }
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
  /** The answer to `connect`: the Worker's own version. */
  | { type: "booted"; version: string }
  /** The Worker holds this Web Lock for as long as it lives. */
  | { type: "held"; lock: string }
  | { type: "pong" }
  | { type: "ready"; keyPrefix: string | null }
  | { type: "failed"; error: ErrorDetail }
  | { type: "resolved"; call: number; value: unknown }
  | { type: "rejected"; call: number; error: ErrorDetail }
  | CoreEvent
  | { type: "provide"; request: number; videoId: string; reason: TokenReason }
  | { type: "provideAborted"; request: number }
  | { type: "destroyed" }
  /** The Worker has ended without a word. The page says that to itself. */
  | { type: "lost"; error: ErrorDetail }
  | { type: "crashed"; error: ErrorDetail };
