/**
 * Whether a browser says that a page of another site sent this request.
 *
 * `Sec-Fetch-Site` says it best (W3C Fetch Metadata). Without it, `Origin` has to have the host that was asked: not the
 * scheme, because TLS may end at a proxy, and not `X-Forwarded-Host`, which anybody can send. A request with neither
 * comes from no browser that could have been tricked into it, and is for `authorize` to judge.
 */
export function isCrossSite(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return !["same-origin", "same-site", "none"].includes(site);
  const origin = request.headers.get("origin");
  if (origin === null) return false;
  try {
    const { protocol, host } = new URL(origin);
    const asked = request.headers.get("host") ?? new URL(request.url).host;
    // By the origin's scheme, so that `example.com:443` is `example.com`.
    return new URL(`${protocol}//${asked}`).host !== host;
  } catch {
    // "null", which sandboxed frames send, or no origin at all.
    return true;
  }
}
