import { hrefOf, NativeURL } from "../platform/natives.js";
import { invalid } from "../protocol/errors.js";
import type { ProvidedToken, TokenProvider } from "./options.js";

/** What `fetch` takes, but for what {@link tokenEndpoint} itself says. */
export type TokenEndpointInit = Omit<RequestInit, "method" | "body" | "signal">;

/**
 * A `getToken` for a server that answers as `createTokenEndpoint` of `@ansdev/player/server` does: sends `POST` to
 * `url/{videoId}` with `{ reason }` as JSON, and throws the `Response` where it is not ok, so that the client judges by its
 * status and `Retry-After`.
 *
 * @param url - Address of the endpoint, such as `/tokens`. A relative one is taken from the page's.
 * @param init - More for `fetch`, such as `headers`, or `credentials` for a server on another origin. Read at every call.
 * @throws {@link AnsdevError} `INVALID_OPTIONS`.
 *
 * @example
 * ```ts
 * const client = await createClient({ getToken: tokenEndpoint("/tokens") });
 * ```
 */
export function tokenEndpoint(url: string | URL, init: TokenEndpointInit = {}): TokenProvider {
  if (typeof (init as unknown) !== "object" || (init as unknown) === null) {
    throw invalid("tokenEndpoint expects options of fetch as its second argument, such as { headers }");
  }
  for (const name of ["method", "body", "signal"]) {
    if (name in init) throw invalid(`tokenEndpoint sets \`${name}\` itself; leave it out of the second argument`);
  }
  headersOf(init);
  addressOf(url, "");
  return async ({ videoId, reason, signal }) => {
    const response = await fetch(addressOf(url, videoId), {
      credentials: "same-origin",
      ...init,
      method: "POST",
      headers: headersOf(init),
      body: JSON.stringify({ reason }),
      signal,
    });
    if (!response.ok) throw response;
    return (await response.json()) as ProvidedToken;
  };
}

function headersOf({ headers }: TokenEndpointInit): Headers {
  try {
    const all = new Headers(headers);
    all.set("content-type", "application/json");
    return all;
  } catch (cause) {
    throw invalid("tokenEndpoint was given `headers` that fetch does not take", { cause });
  }
}

function addressOf(url: string | URL, videoId: string): string {
  try {
    if (NativeURL === undefined || url === "") throw new TypeError("No address");
    // Not the document's base URL, which an injected <base> changes. A framework that renders on its server asks nothing
    // there; it only has to get past this line.
    const base = (globalThis as Partial<typeof globalThis>).location?.href ?? "http://localhost";
    const address = new NativeURL(typeof url === "string" ? url : hrefOf(url), base);
    if (!/^https?:$/.test(address.protocol)) throw new TypeError("Not http(s)");
    address.pathname = `${address.pathname.replace(/\/+$/, "")}/${encodeURIComponent(videoId)}`;
    return hrefOf(address);
  } catch (cause) {
    throw invalid("tokenEndpoint expects an address as its first argument, such as /tokens", { cause });
  }
}
