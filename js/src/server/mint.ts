/** What came of asking Ansdev for a token. */
export type Minted =
  | { token: string; expiresIn: number; playerUrl: string | undefined }
  | { code: string; status: number; retryAfter: number | undefined };

/** Where Ansdev lies, and the key to it. */
export interface Access {
  apiKey: string;
  baseUrl: string;
}

/**
 * Mints one token. Never rejects, and says nothing of what `fetch` threw: instrumented ones put headers into their errors.
 *
 * @param signal - Ends it, with the code that is its reason.
 */
export async function mint({ apiKey, baseUrl }: Access, videoId: string, signal: AbortSignal): Promise<Minted> {
  const sent = performance.now();
  try {
    const response = await fetch(`${baseUrl}/v1/video/${encodeURIComponent(videoId)}/playback-token`, {
      // Without a body: fetch then sends `Content-Length: 0` (Fetch standard, 4.6), and the edge does not answer 411.
      method: "POST",
      headers: { "x-ansdev-key": apiKey },
      // A redirect would take the key along. "error" is not to be had in every edge runtime.
      redirect: "manual",
      // Next.js keeps answers of fetch unless told not to.
      cache: "no-store",
      signal,
    });
    const answer: unknown = await response.json().catch(() => undefined);
    const minted = read(response, answer, sent);
    // A proxy that shows what it was asked must not hand the key on.
    if (!signal.aborted) return JSON.stringify(minted).includes(apiKey) ? failed("BAD_RESPONSE") : minted;
  } catch {
    if (!signal.aborted) return failed("NETWORK");
  }
  return failed(String(signal.reason));
}

function read(response: Response, answer: unknown, sent: number): Minted {
  const { data, error } = Object(answer) as { data?: unknown; error?: unknown };
  if (response.ok) {
    const { token, expiresIn, playerUrl } = Object(data) as Record<string, unknown>;
    if (typeof token !== "string" || token === "" || typeof expiresIn !== "number") return failed("BAD_RESPONSE");
    // The life began somewhere between the two; counted from the earlier, it is never too long.
    const left = expiresIn - Math.ceil(performance.now() - sent) / 1000;
    if (!(left > 0)) return failed("TIMEOUT");
    return { token, expiresIn: left, playerUrl: typeof playerUrl === "string" ? playerUrl : undefined };
  }
  const { code } = Object(error) as { code?: unknown };
  return {
    // It goes to logs and to viewers: nothing but a name may pass.
    code: typeof code === "string" && /^[A-Z_]{1,64}$/.test(code) ? code : "BAD_RESPONSE",
    status: response.status,
    retryAfter: seconds(response.headers.get("retry-after")),
  };
}

function failed(code: string): Minted {
  return { code, status: 0, retryAfter: undefined };
}

/** `Retry-After` in seconds; it may be a date (RFC 9110, section 10.2.3). */
function seconds(header: string | null): number | undefined {
  if (header === null) return undefined;
  const value = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  // Nothing that Ansdev counts takes longer than a day.
  return value >= 0 ? Math.min(Math.ceil(value), 86_400) : undefined;
}
