import { invalid } from "../protocol/errors.js";
import { type Answer, answerTo, ownAnswer, refusal, unavailable } from "./answers.js";
import { isCrossSite } from "./cross-site.js";
import { mint } from "./mint.js";
import { expect, readOptions, type Settings, type TokenEndpointOptions } from "./options.js";

/** Milliseconds in which the viewer has an answer, whatever hangs: the page gives up after 8 s. */
const BUDGET = 6500;

/** Hands out playback tokens to the viewers of one site. */
export interface TokenEndpoint<Context = unknown> {
  /**
   * Answers a viewer's request for a token, within 7 s. Rejects with an AnsdevError `INVALID_OPTIONS` where it is called
   * with something else than a `Request` and a text.
   *
   * @param request - The viewer's request, whose path and query mean nothing here.
   * @param videoId - The video that it asks for, decoded.
   * @param context - What `authorize` is given besides, such as your server's own request.
   */
  handle(request: Request, videoId: string, context?: Context): Promise<Response>;
}

/**
 * The server's half of `tokenEndpoint` from `@ansdev/player`: keeps the API key, asks `authorize`, and mints tokens.
 * Runs wherever `Request`, `Response` and `fetch` are: Node 20, Deno, Bun, Next.js.
 *
 * The viewer gets 200 `{ token, expiresIn, playerUrl }`, or `{ code }` with 404 or 400 (`VIDEO_NOT_READY`) where Ansdev
 * says so, 403 where `authorize` or the browser does, 429 and 503 with a `Retry-After`, and 500 where the key is wrong.
 *
 * @throws AnsdevError `INVALID_OPTIONS`, or `INVALID_KEY_FORMAT`.
 *
 * @example
 * ```ts
 * const endpoint = createTokenEndpoint({ apiKey: process.env.ANSDEV_API_KEY, authorize: ({ request }) => isSignedIn(request) });
 * export const POST = async (request, { params }) => endpoint.handle(request, (await params).videoId);
 * ```
 */
export function createTokenEndpoint<Context = unknown>(options: TokenEndpointOptions<Context>): TokenEndpoint<Context> {
  // Kept in this closure alone: nothing that shows objects sees into it.
  const settings = readOptions(options);
  const report = reporter(settings);
  return Object.freeze({
    async handle(request: Request, videoId: string, context?: Context): Promise<Response> {
      if (!isA(request, "Request")) throw invalid("`handle` expects a Request");
      // A text that says so in the place where it is forgotten: there `params` is a promise.
      expect("The video's id (in Next.js, await `params` first)", videoId, "string");
      const answer = refusalOf(request, videoId) ?? (await inTime(settings, request, videoId, context as Context));
      report(answer, videoId);
      return answer.response;
    },
  });
}

/** What needs neither the owner's word nor Ansdev's. */
function refusalOf(request: Request, videoId: string): Answer | undefined {
  if (request.method !== "POST") return refusal(405, "METHOD_NOT_ALLOWED", { allow: "POST" });
  if (isCrossSite(request)) return refusal(403, "CROSS_SITE");
  // No video has such an id (API page, "Requests"), and an address would swallow the dots.
  return /^(?!\.\.?$)[^\ud800-\udfff]{1,64}$/u.test(videoId) ? undefined : refusal(404, "VIDEO_NOT_FOUND");
}

/** Asks the owner, then Ansdev. What hangs is not waited for, and once the viewer is gone nothing is minted. */
async function inTime<Context>(
  settings: Settings<Context>,
  request: Request,
  videoId: string,
  context: Context,
): Promise<Answer> {
  const stop = new AbortController();
  const stopped = new Promise<Answer>((resolve) => {
    stop.signal.addEventListener("abort", () => {
      resolve(unavailable(String(stop.signal.reason)));
    });
  });
  const timer = setTimeout(() => {
    stop.abort("TIMEOUT");
  }, BUDGET);
  const gone = () => {
    stop.abort("ABORTED");
  };
  if (request.signal.aborted) gone();
  request.signal.addEventListener("abort", gone);
  const answer = await Promise.race([stopped, authorizeAndMint(settings, { request, videoId, context }, stop.signal)]);
  clearTimeout(timer);
  request.signal.removeEventListener("abort", gone);
  return answer;
}

async function authorizeAndMint<Context>(
  settings: Settings<Context>,
  asked: { request: Request; videoId: string; context: Context },
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const { authorize } = settings;
    const verdict: unknown = await authorize(asked);
    if (verdict === false) return refusal(403, "NOT_AUTHORIZED");
    if (isA(verdict, "Response")) return ownAnswer(verdict as Response);
    // Nothing else lets anybody in: a user's record is a mistake here, and so is a forgotten `return`.
    if (verdict !== true) expect("The answer of `authorize`", verdict, "boolean or a Response");
  } catch (cause) {
    return unavailable("AUTHORIZE_FAILED", cause);
  }
  // With a signal that was aborted nothing is sent.
  return answerTo(await mint(settings, asked.videoId, signal));
}

/** Whether it is one, of whatever realm or library: frameworks bring their own, and Bun's is a `BunRequest`. */
function isA(value: unknown, name: string): boolean {
  return Object.prototype.toString.call(value).endsWith(`${name}]`);
}

/** Tells the owner: everything by `onEvent`; on the console, once each, what only the owner can change. */
function reporter<Context>({ apiKey, baseUrl, onEvent }: Settings<Context>): (answer: Answer, videoId: string) => void {
  const keyPrefix = apiKey.slice(0, 12);
  const said = new Set<string>();
  return ({ code, response: { status }, cause }, videoId) => {
    try {
      onEvent?.({ code, status, videoId, keyPrefix, ...(cause !== undefined && { cause }) });
    } catch {
      // A log that fails is no reason to refuse a viewer.
    }
    if (cause !== undefined && !onEvent) console.error(NAME, "`authorize` failed:", cause);
    if (status === 500 && code !== "NOT_AUTHORIZED" && !said.has(code)) {
      said.add(code);
      const wrong = WRONG[code] ?? `is answered with ${code} by ${baseUrl}`;
      console.error(NAME, `No viewer gets a token: the API key ${keyPrefix}… ${wrong}.`);
    }
  };
}

/** What stands before each line on the console. */
export const NAME = "@ansdev/player/server:";

const ANOTHER = "; create another in Ansdev's dashboard";
const WRONG: Record<string, string | undefined> = {
  INVALID_API_KEY: `is unknown or was revoked${ANOTHER}`,
  API_KEY_EXPIRED: `has expired${ANOTHER}`,
  INSUFFICIENT_SCOPE: `lacks the scope video:read${ANOTHER}`,
};
