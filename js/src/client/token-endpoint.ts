import { bare, hrefOf, NativeURL, ownKeys, pageAddress } from "../platform/natives.js";
import { invalid } from "../protocol/errors.js";
import type { ProvidedToken, TokenProvider } from "./options.js";

/** What `fetch` takes, but for what {@link tokenEndpoint} itself says. */
export type TokenEndpointInit = Omit<RequestInit, "method" | "body" | "signal">;

/**
 * A `getToken` for a server that answers as `createTokenEndpoint` of `@ansdev/player/server` does: sends `POST` to
 * `url/{videoId}` with `{ reason }` as JSON, and throws the `Response` where it is not ok, so that the client judges by its
 * status and `Retry-After`.
 *
 * @param url - Address of the endpoint, such as `/tokens`. A relative one counts from the page's when the SDK was loaded.
 * @param init - More for `fetch`, such as `headers`, or `credentials` for a server on another origin. Read at every call.
 * @throws {@link AnsdevError} `INVALID_OPTIONS`.
 *
 * @example
 * ```ts
 * const client = await createClient({ getToken: tokenEndpoint("/tokens") });
 * ```
 */
export function tokenEndpoint(url: string | URL, init: TokenEndpointInit = {}): TokenProvider {
  // Once before anybody needs a token: what is wrong is said where it was written.
  requestOf(url, init, "");
  return async ({ videoId, reason, signal }) => {
    const response = await fetch(requestOf(url, init, videoId, { body: JSON.stringify({ reason }), signal }));
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the client reads its status and Retry-After
    if (!response.ok) throw response;
    return (await response.json()) as ProvidedToken;
  };
}

function requestOf(url: string | URL, init: TokenEndpointInit, videoId: string, own?: RequestInit): Request {
  try {
    const taken = ["method", "body", "signal"].find((name) => ownKeys(init).includes(name));
    if (taken !== undefined) throw new TypeError(`\`${taken}\` is set by tokenEndpoint`);
    if (NativeURL === undefined || url === "") throw new TypeError("No address");
    // Not the document's base URL, which an injected <base> changes. A framework that renders on its server asks nothing
    // there; it only has to get past this line.
    const base = pageAddress ?? "http://localhost";
    const address = new NativeURL(typeof url === "string" ? url : hrefOf(url), base);
    address.pathname = `${address.pathname.replace(/\/$/, "")}/${encodeURIComponent(videoId)}`;
    const all: RequestInit = { credentials: "same-origin", ...init, ...own, method: "POST" };
    const request = new Request(hrefOf(address), bare(all));
    request.headers.set("content-type", "application/json");
    return request;
  } catch (cause) {
    throw invalid(
      "tokenEndpoint expects an address, such as /tokens, and options of fetch, such as { headers }; see `cause`",
      { cause },
    );
  }
}
