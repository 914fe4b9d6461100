import { invalid, localError } from "../protocol/errors.js";

/** What `authorize` is asked. */
export interface AuthorizeRequest<Context = unknown> {
  /** The viewer's request, with its cookies and headers. Its body may be read: it is `{ reason }` as JSON. */
  request: Request;
  /** The video that the viewer wants to watch. */
  videoId: string;
  /** What `handle` was given besides: with `nodeHandler`, Node's or Express's own request. */
  context: Context;
}

/**
 * What became of one request, for the owner's log or metrics. It never holds a token or the whole key.
 */
export interface TokenEndpointEvent {
  /**
   * `TOKEN_MINTED`, or why there is no token: a code of Ansdev's catalogue (such as `RATE_LIMIT_EXCEEDED`), one of the
   * SDK's (`NETWORK`, `TIMEOUT`, `BAD_RESPONSE`, `ABORTED`), or one of the endpoint's own: `METHOD_NOT_ALLOWED`,
   * `CROSS_SITE`, `NOT_AUTHORIZED`, `AUTHORIZE_FAILED`.
   */
  code: string;
  /** The HTTP status of the answer to the viewer. */
  status: number;
  /** The video that was asked for. */
  videoId: string;
  /** The first 12 characters of the key, by which Ansdev's dashboard names it. */
  keyPrefix: string;
  /** With `AUTHORIZE_FAILED`: what `authorize` threw. */
  cause?: unknown;
}

/** Options of `createTokenEndpoint`. */
export interface TokenEndpointOptions<Context = unknown> {
  /** The API key: `ak_live_` or `ak_test_` and 32 hexadecimal digits. It cannot be read back. */
  apiKey: string;
  /**
   * Whether this viewer may watch this video now. Asked before every mint: your session, your purchases, your limit for
   * each viewer. `false` answers 403; a `Response` is sent to the viewer in place of a token, such as a 401 or a 429
   * with its `Retry-After`. If it throws, or takes longer than the whole answer may, the viewer gets 503.
   */
  authorize: (asked: AuthorizeRequest<Context>) => boolean | Response | Promise<boolean | Response>;
  /** Where Ansdev answers. Default: `https://api.ansdev.cloud`. */
  baseUrl?: string | URL | undefined;
  /** Is told what became of each request. What it throws is ignored. */
  onEvent?: ((event: TokenEndpointEvent) => void) | undefined;
}

/** Options, checked and with their defaults filled in. */
export interface Settings<Context> {
  apiKey: string;
  authorize: TokenEndpointOptions<Context>["authorize"];
  baseUrl: string;
  onEvent: TokenEndpointOptions<Context>["onEvent"];
}

const NAMES = ["apiKey", "authorize", "baseUrl", "onEvent"];
const DEFAULT_BASE_URL = "https://api.ansdev.cloud";

/**
 * Checks the options of `createTokenEndpoint`.
 *
 * @throws AnsdevError `INVALID_OPTIONS` or `INVALID_KEY_FORMAT`; the message never repeats any part of the key.
 */
export function readOptions<Context>(options: TokenEndpointOptions<Context>): Settings<Context> {
  // The caller's code may not have been checked by a compiler: anything can come.
  expect("createTokenEndpoint's argument", options, "object");
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw invalid(`\`${unknown}\` is no option; there are \`${NAMES.join("`, `")}\``);
  const { apiKey, authorize, baseUrl = DEFAULT_BASE_URL, onEvent } = options;
  expect("`authorize`, which says who may watch,", authorize, "function");
  if (onEvent !== undefined) expect("`onEvent`", onEvent, "function");
  expect("`apiKey` (is its environment variable set?)", apiKey, "string");
  checkKey(apiKey);
  return { apiKey, authorize, baseUrl: address(baseUrl), onEvent };
}

/** @throws AnsdevError `INVALID_OPTIONS` where a value is of another type; the value itself is not shown. */
export function expect(name: string, value: unknown, type: string): void {
  const found = value === null ? "null" : typeof value;
  if (found !== type) throw invalid(`${name} is of the type ${found}; expected ${type}`);
}

/** Agrees with `src/api/key.rs`. */
function checkKey(key: string): void {
  const digits = /^ak_(?:live|test)_(.*)$/s.exec(key)?.[1];
  const wrong =
    key === ""
      ? "is empty"
      : key !== key.trim()
        ? "has white space around it"
        : digits === undefined
          ? "does not start with ak_live_ or ak_test_"
          : key.length !== 40
            ? `has ${key.length} characters`
            : /[^0-9a-f]/i.test(digits) && "has a character that is not hexadecimal";
  if (!wrong) return;
  throw localError(
    "INVALID_KEY_FORMAT",
    `The API key ${wrong}; expected ak_live_ or ak_test_ and 32 hexadecimal digits, 40 characters in all`,
  );
}

/** An absolute address without a slash at its end. Agrees with `BaseUrl` of `src/api/endpoints.rs`. */
function address(value: string | URL): string {
  try {
    const { href } = new URL(value);
    if (/^https?:[^@?#]+$/.test(href)) return href.replace(/\/+$/, "");
  } catch {
    // Not even an address.
  }
  throw invalid("`baseUrl` is not usable; expected an absolute http(s) URL without user name, query and fragment");
}
