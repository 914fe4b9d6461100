import { localDetail } from "../protocol/errors.js";
import type { TokenReason } from "../protocol/models.js";
import { type ProvidedToken, type TokenProvider, typeName } from "./options.js";
import type { Provided } from "../protocol/messages.js";

/** Seconds that a token lives unless it or the page says otherwise (API page, "Playback tokens"). */
const DEFAULT_LIFE = 300;

/** Asks the page's `getToken`, and turns whatever it does into a message for the core. */
export class Provider {
  readonly #getToken: TokenProvider;
  readonly #controllers = new Map<number, AbortController>();
  readonly #failures = new Map<string, { error: unknown }>();

  constructor(getToken: TokenProvider) {
    this.#getToken = getToken;
  }

  /** Calls `getToken`. Never rejects. */
  async provide(asked: { request: number; videoId: string; reason: TokenReason }): Promise<Provided> {
    const { request, videoId, reason } = asked;
    // Where this call hangs, the one before is not the reason.
    this.#failures.delete(videoId);
    const controller = new AbortController();
    this.#controllers.set(request, controller);
    const getToken = this.#getToken;
    try {
      const provided = read(await getToken({ videoId, reason, signal: controller.signal }));
      this.#failures.delete(videoId);
      return { type: "provided", request, provided, error: undefined };
    } catch (error) {
      this.#failures.set(videoId, { error });
      const message =
        error instanceof Rubbish ? error.message : "`getToken` failed; the error's `cause` is what it threw";
      const detail = localDetail("TOKEN_PROVIDER_FAILED", message, videoId);
      return {
        type: "provided",
        request,
        provided: undefined,
        error: { ...detail, status: statusOf(error), retryAfter: retryAfterOf(error) },
      };
    } finally {
      this.#controllers.delete(request);
    }
  }

  /** What `getToken` last threw for a video; an error cannot cross to the core and back. */
  lastFailure(videoId: string | null): { error: unknown } | undefined {
    return videoId === null ? undefined : this.#failures.get(videoId);
  }

  /** Nobody waits for this token any more. */
  abort(request: number): void {
    this.#controllers.get(request)?.abort();
  }

  /** Nobody waits for any token any more. */
  abortAll(): void {
    for (const controller of this.#controllers.values()) controller.abort();
  }
}

/** The HTTP status of what was thrown, such as a `Response`: the core judges by it whether another try makes sense. */
function statusOf(error: unknown): number | null {
  const status: unknown = (error as { status?: unknown } | null | undefined)?.status;
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) < 600 ? Number(status) : null;
}

/** Longest wait that is believed, in seconds: a wrong clock must not lock anybody out for longer. */
const MAX_WAIT = 86_400;

/**
 * Seconds that what was thrown asks to wait: its `retryAfter`, or a `Response`'s `Retry-After`, which is seconds or a
 * date (RFC 9110, section 10.2.3).
 */
function retryAfterOf(error: unknown): number | null {
  const { retryAfter, headers } = (error ?? {}) as { retryAfter?: unknown; headers?: Partial<Headers> | null };
  let seconds: unknown = retryAfter;
  if (seconds === undefined && typeof headers?.get === "function") {
    const text = headers.get("Retry-After");
    const now = Date.parse(headers.get("Date") ?? "") || Date.now();
    if (text !== null) seconds = /^\s*\d+\s*$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  }
  if (typeof seconds !== "number" || Number.isNaN(seconds)) return null;
  return Math.min(Math.max(seconds, 0), MAX_WAIT);
}

/** `getToken` did not throw, but what it gave is not a token. */
class Rubbish extends TypeError {}

function read(provided: ProvidedToken): NonNullable<Provided["provided"]> {
  // The page's code is not checked by our compiler: anything can come.
  const given: unknown = provided;
  if (typeof given !== "object" || given === null) {
    throw new Rubbish(
      `\`getToken\` resolved to ${typeName(given)}; expected an object { token, expiresIn?, playerUrl? }`,
    );
  }
  const { token, expiresIn, playerUrl } = given as Record<keyof ProvidedToken, unknown>;
  if (typeof token !== "string" || !/^[\w.~-]+$/.test(token)) {
    throw new Rubbish("`getToken` resolved to an object without a usable `token`; expected a JWT as text");
  }
  if (expiresIn !== undefined && !(typeof expiresIn === "number" && expiresIn > 0 && expiresIn < Infinity)) {
    throw new Rubbish("`getToken` gave an `expiresIn` that is not a token life; expected seconds, greater than 0");
  }
  if (playerUrl !== undefined && playerUrl !== null && typeof playerUrl !== "string") {
    throw new Rubbish(`\`getToken\` gave a \`playerUrl\` of the type ${typeName(playerUrl)}; expected a string`);
  }
  return { token, expiresIn: expiresIn ?? lifeOf(token), ...(playerUrl && { playerUrl }) };
}

/** Seconds between a JWT's `iat` and `exp` (RFC 7519, section 4.1), else the default. */
function lifeOf(token: string): number {
  try {
    const payload = token.split(".")[1] ?? "";
    const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as {
      iat?: unknown;
      exp?: unknown;
    };
    const life = Number(claims.exp) - Number(claims.iat);
    return life > 0 && life < Infinity ? life : DEFAULT_LIFE;
  } catch {
    // Not a JWT that can be read: the contract lets a token be opaque.
    return DEFAULT_LIFE;
  }
}
