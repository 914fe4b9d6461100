import type { Minted } from "./mint.js";

/** What the viewer gets, and what the owner is told of it. */
export interface Answer {
  response: Response;
  code: string;
  cause?: unknown;
}

/** What the mint's outcome is to the viewer. */
export function answerTo(minted: Minted): Answer {
  if ("token" in minted) return { code: "TOKEN_MINTED", response: json(200, minted) };
  const { code, status, retryAfter } = minted;
  // Only with an error of the API: any other server answers 404 too.
  if (code !== "BAD_RESPONSE" && (status === 404 || (status === 400 && code === "VIDEO_NOT_READY"))) {
    return refusal(status, code);
  }
  if (status === 429) return { code, response: wait(429, code, retryAfter ?? 60) };
  // No answer, or one that is not the API's, may be another the next time.
  if (status < 300 || status === 408 || status >= 500) return unavailable(code, undefined, retryAfter);
  // The key or the address is wrong, which is no business of the viewer's.
  return { code, response: json(500, { code: "INTERNAL_ERROR" }) };
}

/** A status and a code, and nothing else. */
export function refusal(status: number, code: string, headers?: Record<string, string>): Answer {
  return { code, response: json(status, { code }, headers) };
}

/** 503: something that is needed for an answer did not work, or not in time. */
export function unavailable(code: string, cause?: unknown, retryAfter = 1): Answer {
  return { code, cause, response: wait(503, "UNAVAILABLE", retryAfter) };
}

/** The owner's own answer, which no cache may keep either. */
export function ownAnswer(own: Response): Answer {
  // Another one, because the headers of some, such as `Response.redirect()`, cannot be changed.
  const response = new Response(own.body, own);
  response.headers.set("cache-control", NO_STORE);
  return { code: "NOT_AUTHORIZED", response };
}

const NO_STORE = "private, no-store";

function json(status: number, body: object, headers?: Record<string, string>): Response {
  const all = { "content-type": "application/json", "cache-control": NO_STORE, ...headers };
  return new Response(JSON.stringify(body), { status, headers: all });
}

/** Viewers that are refused at one moment must not all come back at one moment: each is told another. */
function wait(status: number, code: string, seconds: number): Response {
  const spread = Math.min(Math.max(seconds / 10, 5), 60);
  return json(status, { code }, { "retry-after": String(seconds + Math.floor(Math.random() * spread)) });
}
