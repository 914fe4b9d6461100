import { invalid, unsupported } from "../protocol/errors.js";
import type { TokenReason } from "../protocol/models.js";
import { bare, hrefOf, isArray, NativeURL, ownGlobal, ownKeys, pageAddress } from "../platform/natives.js";

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

/** Options that every client takes. */
export interface CommonOptions {
  /**
   * Where Ansdev answers. Default: `https://api.ansdev.cloud`. A relative address counts from the page's when the SDK was
   * loaded.
   */
  baseUrl?: string | URL | undefined;
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
  /** Address of `ansdev-player.wasm` of this package. Default: beside the script that `workerUrl` names. */
  wasmUrl?: string | URL | undefined;
}

/** A client that mints tokens by itself, with an API key. */
export interface ApiKeyOptions extends CommonOptions {
  /** The API key: `ak_live_` or `ak_test_` and 32 hexadecimal digits. It cannot be read back. */
  apiKey: string;
  /**
   * Where the API key lives. `"worker"` (default): in a Worker, or creation fails with `UNSUPPORTED`. `"page"`: in the
   * page's own realm, from which a hostile script that runs later can take it.
   */
  isolation?: Isolation | undefined;
  /**
   * The ids of the videos that the client is for. It mints for no other, and lists none; so a script that finds the
   * client can do no more. Default: every video that the key may see.
   */
  videoIds?: readonly string[] | undefined;
  /** Not with an API key. */
  getToken?: undefined;
}

/** A client that gets its tokens from the page's own server, and never sees an API key. */
export interface TokenProviderOptions extends CommonOptions {
  /** Fetches a token for a video. */
  getToken: TokenProvider;
  /**
   * Where tokens are kept and renewed. `"auto"` (default): in a Worker where the page allows one, else in the page,
   * which {@link Client.isolation} and one console warning say. `"worker"`: in a Worker, or creation fails with
   * `UNSUPPORTED`. `"page"`: in the page's own realm.
   */
  isolation?: "auto" | Isolation | undefined;
  /** Not with a token function, which decides by itself for which videos it gives tokens. */
  videoIds?: undefined;
  /** Not with a token function. */
  apiKey?: undefined;
}

/** Options of `createClient`: exactly one of `apiKey` and `getToken`. */
export type ClientOptions = ApiKeyOptions | TokenProviderOptions;

/** Options, copied, checked and with their defaults filled in. Nothing of the page's is in them but `getToken`. */
export interface Settings {
  readonly apiKey: string | undefined;
  readonly getToken: TokenProvider | undefined;
  readonly baseUrl: string;
  /** Not `"auto"` with a key. */
  readonly isolation: "auto" | Isolation;
  readonly onDemand: boolean;
  readonly shareAcrossTabs: boolean;
  readonly videoIds: readonly string[] | undefined;
  readonly workerUrl: string | undefined;
  readonly wasmUrl: string | undefined;
}

/** The options' names, and a copy of what a page gave for each. */
type Named = Record<keyof typeof NOTHING, unknown>;

/** A copy of the options; or what is wrong with them, from which no error is made yet. */
export type Given = { readonly named: Named } | { readonly mistake: string; readonly cause?: unknown };

const NOTHING = {
  apiKey: undefined,
  getToken: undefined,
  baseUrl: undefined,
  isolation: undefined,
  refresh: undefined,
  shareAcrossTabs: undefined,
  videoIds: undefined,
  workerUrl: undefined,
  wasmUrl: undefined,
};
/** For messages; made now, because the methods of lists can be replaced later. */
const NAMES = Object.keys(NOTHING).join(", ");
const DEFAULT_BASE_URL = "https://api.ansdev.cloud";

/**
 * Checks the options of `createClient`.
 *
 * @throws {@link AnsdevError} `INVALID_OPTIONS`, which says what was wrong and what was expected.
 */
export function readOptions(copied: Given): Settings {
  if ("mistake" in copied) throw invalid(copied.mistake, "cause" in copied ? { cause: copied.cause } : {});
  const given = copied.named;
  const { apiKey, getToken } = given;
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
    getToken: getToken as TokenProvider | undefined,
    baseUrl: address(given.baseUrl ?? DEFAULT_BASE_URL, "baseUrl"),
    isolation: isolationOf(given.isolation, apiKey !== undefined),
    onDemand: isOnDemand(given.refresh),
    shareAcrossTabs: sharing(given.shareAcrossTabs),
    videoIds: ids(given.videoIds, getToken !== undefined),
    workerUrl: given.workerUrl === undefined ? undefined : address(given.workerUrl, "workerUrl"),
    wasmUrl: given.wasmUrl === undefined ? undefined : address(given.wasmUrl, "wasmUrl"),
  };
}

/**
 * A copy of the options that the page itself wrote, each read once: an accessor or a proxy can answer differently the
 * next time. One that `Object.prototype` has is nobody's choice: a polluted `baseUrl` would be sent the key.
 */
export function copyOptions(options: unknown): Given {
  if (typeof options !== "object" || options === null) {
    return bare({ mistake: "createClient expects an object, such as createClient({ apiKey })" });
  }
  const named = { __proto__: null, ...NOTHING } as Named;
  let unknown: string | undefined;
  try {
    const names = ownKeys(options);
    // Not by the iterator of Array.prototype, which could name options that are not there.
    // eslint-disable-next-line @typescript-eslint/prefer-for-of
    for (let index = 0; index < names.length; index++) {
      const name = names[index];
      if (typeof name !== "string") continue;
      if (name in named) named[name as keyof Named] = copied((options as Named)[name as keyof Named]);
      else unknown ??= name;
    }
  } catch (cause) {
    const mistake = "The options of createClient could not be read; see `cause`";
    return bare({ mistake, cause });
  }
  if (unknown === undefined) return bare({ named });
  return bare({ mistake: `createClient has no option \`${unknown}\`; expected some of ${NAMES}` });
}

/** An address as a text, and a list as one that nobody else has; everything else as it is. */
function copied(value: unknown): unknown {
  if (isArray(value)) return copyList(value);
  return typeof value === "object" ? (urlText(value) ?? value) : value;
}

/** Without the prototype of lists, whose setters could add entries that are not there, as its iterator could. */
function copyList(list: readonly unknown[]): unknown[] {
  const { length } = list;
  const copy = bare<unknown[]>([]);
  for (let index = 0; index < length; index++) copy[index] = list[index];
  return copy;
}

/** The name of a value's type, for messages that must not show the value. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  return isArray(value) ? "array" : typeof value;
}

function isolationOf(value: unknown, hasKey: boolean): "auto" | Isolation {
  if (value === undefined) return hasKey ? "worker" : "auto";
  if (value === "worker" || value === "page") return value;
  if (value !== "auto") {
    throw invalid(`\`isolation\` has an unknown value; expected "worker", "page" or, with \`getToken\`, "auto"`);
  }
  if (hasKey) {
    throw invalid(
      '`isolation: "auto"` goes with `getToken`: a key never moves into the page by itself. Expected "worker", or "page", ' +
        "from which a hostile script can take the key",
    );
  }
  return value;
}

function isOnDemand(value: unknown): boolean {
  if (value === undefined || value === "eager") return false;
  if (value === "on-demand") return true;
  throw invalid('`refresh` has an unknown value; expected "eager", "on-demand"');
}

function sharing(value: unknown = false): boolean {
  if (typeof value !== "boolean") {
    throw invalid(`\`shareAcrossTabs\` is of the type ${typeName(value)}; expected true or false`);
  }
  // Insecure contexts have no Web Locks.
  if (value && !("locks" in navigator && ownGlobal("BroadcastChannel") !== undefined)) {
    throw unsupported(
      "`shareAcrossTabs` needs Web Locks and BroadcastChannel, which this page lacks; serve it over https, or from localhost",
    );
  }
  return value;
}

/** The copied list, checked. */
function ids(value: unknown, hasProvider: boolean): string[] | undefined {
  if (value === undefined) return undefined;
  if (hasProvider) {
    throw invalid("`videoIds` goes with `apiKey` only; with `getToken`, your server decides for which videos it mints");
  }
  const expected = 'expected a list of ids, such as ["vid_8fk2m9"]';
  if (!isArray(value)) throw invalid(`\`videoIds\` is of the type ${typeName(value)}; ${expected}`);
  const { length } = value;
  if (length === 0) throw invalid(`\`videoIds\` is empty; ${expected}`);
  for (let index = 0; index < length; index++) {
    const id: unknown = value[index];
    if (typeof id !== "string") {
      throw invalid(`\`videoIds\` has an entry of the type ${typeName(id)}; ${expected}`);
    }
  }
  return value as string[];
}

/** An absolute address, normalised by the platform's own parser. */
function address(value: unknown, name: string): string {
  const expected = "expected an http(s) URL, such as https://api.ansdev.cloud";
  if (typeof value !== "string") throw invalid(`\`${name}\` is of the type ${typeName(value)}; ${expected}`);
  if (NativeURL === undefined) throw unsupported("This environment lacks URL, which the player needs");
  try {
    // Not the document's base URL: an injected <base> would send the key elsewhere.
    const href = hrefOf(new NativeURL(value, pageAddress));
    if (!isWebAddress(href)) throw new TypeError("It is of another scheme");
    return href;
  } catch (cause) {
    throw invalid(`\`${name}\` is not an address; ${expected}`, { cause });
  }
}

/** Whether a normalised address is http(s). Letter by letter, because a script can replace the methods of texts. */
function isWebAddress(href: string): boolean {
  const scheme = "http";
  for (let index = 0; index < scheme.length; index++) if (href[index] !== scheme[index]) return false;
  return href[scheme.length] === ":" || (href[scheme.length] === "s" && href[scheme.length + 1] === ":");
}

/** The address that a `URL` has; `undefined` for everything else. `instanceof` would ask functions of the page. */
function urlText(value: unknown): string | undefined {
  try {
    return hrefOf(value as URL);
  } catch {
    return undefined;
  }
}
