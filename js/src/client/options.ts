import { invalid, unsupported } from "../protocol/errors.js";
import type { TokenReason } from "../protocol/models.js";
import { hrefOf, isArray, NativeURL, ownKeys } from "../platform/natives.js";

/** What the page's own token function is told. */
export interface TokenRequest {
  /** The video that is to be played. */
  videoId: string;
  /** Why a token is needed: none was there, it nears its end, or the server refused it. */
  reason: TokenReason;
  /** Aborted when nobody waits for the token any more. Pass it on to `fetch`. */
  signal: AbortSignal;
}

/** What the page's own token function answers with. */
export interface ProvidedToken {
  /** The playback token. */
  token: string;
  /**
   * Seconds that are left of its life, counted from the call of the function: less than all of it where your server
   * keeps tokens for a while. Default: `exp − iat` of the token, else 300. The same token again keeps its first expiry.
   */
  expiresIn?: number | undefined;
  /** Address of the hosted player page for this token. */
  playerUrl?: string | undefined;
}

/**
 * A function of the page that fetches a token from the page's own server, which holds the API key.
 *
 * It may throw: the client tries again, with growing pauses, while somebody watches. Throw something with an HTTP
 * `status`, such as the `Response` itself, to be judged by it: a 4xx other than 408 and 429 is final. Its `Retry-After`,
 * or a `retryAfter` in seconds, is obeyed; after 429 with a minute or more the session is `exhausted` until then.
 */
export type TokenProvider = (request: TokenRequest) => Promise<ProvidedToken> | ProvidedToken;

/** Where the API key lives: in a Worker of its own, or (weaker) in the page. */
export type Isolation = "worker" | "page";

/** A compiled WebAssembly module, its bytes, the answer to a request for it, or its address. */
export type WasmInput = string | URL | Response | BufferSource | WebAssembly.Module;

/** Options that every client takes. */
export interface CommonOptions {
  /** Where Ansdev answers. Default: `https://api.ansdev.cloud`. A relative address is taken from the page's. */
  baseUrl?: string | URL | undefined;
  /**
   * Where the API key lives. `"worker"`: in a Worker, or creation fails with `UNSUPPORTED`. `"page"`: in the page's
   * own realm, from which a hostile script that runs later can take it. `"auto"` (default): in a Worker where the page
   * allows one, else in the page, which {@link Client.isolation} and one console warning say.
   */
  isolation?: "auto" | Isolation | undefined;
  /**
   * When tokens are renewed. `"eager"` (default): shortly before they expire, while somebody watches. `"on-demand"`:
   * only when a request needs one, which spends the fewest tokens.
   */
  refresh?: "eager" | "on-demand" | undefined;
  /**
   * Whether tabs of this site share their tokens, so that one video in several of them costs what it costs in one.
   * Tokens, never the key, then go over a `BroadcastChannel`, which every script of the site can read. Default: `false`.
   */
  shareAcrossTabs?: boolean | undefined;
  /** Address of the Worker's script (`worker.js` of this package), on the page's own origin. */
  workerUrl?: string | URL | undefined;
  /** The WebAssembly module (`ansdev-player.wasm` of this package). */
  wasmUrl?: WasmInput | undefined;
}

/** A client that mints tokens by itself, with an API key. */
export interface ApiKeyOptions extends CommonOptions {
  /** The API key: `ak_live_` or `ak_test_` and 32 hexadecimal digits. It cannot be read back. */
  apiKey: string;
  /** Not with an API key. */
  getToken?: undefined;
}

/** A client that gets its tokens from the page's own server, and never sees an API key. */
export interface TokenProviderOptions extends CommonOptions {
  /** Fetches a token for a video. */
  getToken: TokenProvider;
  /** Not with a token function. */
  apiKey?: undefined;
}

/** Options of `createClient`: exactly one of `apiKey` and `getToken`. */
export type ClientOptions = ApiKeyOptions | TokenProviderOptions;

/** Options, checked and with their defaults filled in. */
export interface Settings {
  apiKey: string | undefined;
  getToken: TokenProvider | undefined;
  baseUrl: string;
  isolation: "auto" | Isolation;
  onDemand: boolean;
  shareAcrossTabs: boolean;
  workerUrl: string | undefined;
  wasm: Exclude<WasmInput, URL> | undefined;
}

const NAMES = ["apiKey", "getToken", "baseUrl", "isolation", "refresh", "shareAcrossTabs", "workerUrl", "wasmUrl"];
const DEFAULT_BASE_URL = "https://api.ansdev.cloud";

/**
 * Checks the options of `createClient`.
 *
 * @throws {@link AnsdevError} `INVALID_OPTIONS`, which says what was wrong and what was expected.
 */
export function readOptions(options: ClientOptions): Settings {
  if (!isObject(options)) throw invalid("createClient expects an object, such as createClient({ apiKey })");
  const own = ownOptions(options);
  const { apiKey, getToken } = own;
  if ((apiKey === undefined) === (getToken === undefined)) {
    const found = apiKey === undefined ? "neither" : "both";
    throw invalid(`createClient got ${found} of \`apiKey\` and \`getToken\`; expected exactly one of the two`);
  }
  if (apiKey !== undefined && typeof apiKey !== "string") {
    throw invalid(`\`apiKey\` is of the type ${typeName(apiKey)}; expected a string`);
  }
  if (getToken !== undefined && typeof getToken !== "function") {
    throw invalid(`\`getToken\` is of the type ${typeName(getToken)}; expected a function that resolves to { token }`);
  }
  return {
    apiKey,
    getToken,
    baseUrl: address(own.baseUrl ?? DEFAULT_BASE_URL, "baseUrl"),
    isolation: oneOf(own.isolation, "isolation", ["auto", "worker", "page"]),
    onDemand: oneOf(own.refresh, "refresh", ["eager", "on-demand"]) === "on-demand",
    shareAcrossTabs: sharing(own.shareAcrossTabs),
    workerUrl: own.workerUrl === undefined ? undefined : address(own.workerUrl, "workerUrl"),
    wasm: wasmInput(own.wasmUrl),
  };
}

/**
 * The options that the page itself wrote. One that `Object.prototype` has is nobody's choice: a polluted `baseUrl`
 * would be sent the key.
 */
function ownOptions(options: ClientOptions): ClientOptions {
  const own = { __proto__: null } as unknown as Record<string, unknown>;
  const names = ownKeys(options);
  // Not by the iterator of Array.prototype, which could name options that are not there.
  // eslint-disable-next-line @typescript-eslint/prefer-for-of
  for (let index = 0; index < names.length; index++) {
    const name = names[index];
    if (typeof name !== "string") continue;
    if (!NAMES.includes(name)) {
      throw invalid(`createClient has no option \`${name}\`; did you mean \`${nearest(name)}\`?`);
    }
    own[name] = options[name as keyof ClientOptions];
  }
  return own as unknown as ClientOptions;
}

/** The name of a value's type, for messages that must not show the value. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  return isArray(value) ? "array" : typeof value;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function oneOf<T extends string>(value: T | undefined, name: string, allowed: readonly [T, ...T[]]): T {
  if (value === undefined) return allowed[0];
  if (allowed.includes(value)) return value;
  throw invalid(`\`${name}\` has an unknown value; expected ${allowed.map((text) => `"${text}"`).join(", ")}`);
}

function sharing(value: unknown = false): boolean {
  if (typeof value !== "boolean") {
    throw invalid(`\`shareAcrossTabs\` is of the type ${typeName(value)}; expected true or false`);
  }
  // Insecure contexts have no Web Locks.
  if (value && !("locks" in navigator && "BroadcastChannel" in globalThis)) {
    throw unsupported(
      "`shareAcrossTabs` needs Web Locks and BroadcastChannel, which this page lacks; serve it over https, or from localhost",
    );
  }
  return value;
}

/** An absolute address, normalised by the platform's own parser. */
function address(value: unknown, name: string): string {
  const expected = "expected an http(s) URL, such as https://api.ansdev.cloud";
  if (typeof value !== "string" && !(NativeURL && value instanceof NativeURL)) {
    throw invalid(`\`${name}\` is of the type ${typeName(value)}; ${expected}`);
  }
  try {
    if (NativeURL === undefined) throw new TypeError("This environment has no URL");
    // Not the document's base URL: an injected <base> would send the key, or the wasm that holds it, elsewhere.
    const base = (globalThis as Partial<typeof globalThis>).location?.href;
    return hrefOf(new NativeURL(typeof value === "string" ? value : hrefOf(value), base));
  } catch (cause) {
    throw invalid(`\`${name}\` is not an address; ${expected}`, { cause });
  }
}

function wasmInput(value: WasmInput | undefined): Settings["wasm"] {
  if (value === undefined) return undefined;
  if (
    value instanceof WebAssembly.Module ||
    value instanceof Response ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value)
  ) {
    return value;
  }
  return address(value, "wasmUrl");
}

function nearest(name: string): string {
  const lower = name.toLowerCase();
  const distances = NAMES.map((known) => ({ known, distance: editDistance(lower, known.toLowerCase()) }));
  return distances.reduce((best, next) => (next.distance < best.distance ? next : best)).known;
}

/** Levenshtein's distance: how many letters to insert, remove or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 0; index < from.length; index++) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column++) {
      const [above = 0, diagonal = 0, left = 0] = [row[column + 1], row[column], next[column]];
      next.push(Math.min(above + 1, left + 1, diagonal + (from[index] === to[column] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
