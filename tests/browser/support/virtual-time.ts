import type { CDPSession, Page } from "@playwright/test";

import type { Mock } from "./mock.ts";

/**
 * Seconds that the page and the mock go on together. So much older a token may look to the mock than to the page, which
 * renews it 30 s before its end.
 */
const STEP = 20;
/** Milliseconds of virtual time that a message between page and Worker may take. */
const HEARTBEAT = 250;
/** Milliseconds of real time that one step may take, fetches and all. */
const TIMEOUT = 20_000;

interface Policy {
  policy: "pause" | "pauseIfNetworkFetchesPending";
  /** Milliseconds until time stands still again. */
  budget?: number;
  /** What the wall clock shows when virtual time begins, in seconds since the Unix epoch. */
  initialVirtualTime?: number;
}

interface Answer {
  id?: number;
  method?: string;
  error?: { message: string };
}

/**
 * Makes hours pass in seconds, for a page, its Workers and the mock alike: timers fire in their order, `Date.now()` and
 * `performance.now()` move together, and while a request is under way the time stands still.
 *
 * It is Chromium's own virtual time (`Emulation.setVirtualTimePolicy`), nothing in the page is patched. Every thread has
 * a time of its own that only goes on when all agree, so each Worker has to be given the same seconds as the page. Media
 * does not play in it.
 */
export class VirtualTime {
  readonly #page: Page;
  readonly #cdp: CDPSession;
  readonly #mock: Mock;
  readonly #workers = new Set<string>();
  readonly #answers = new Map<number, (answer: Answer) => void>();
  readonly #expired = new Map<string, () => void>();
  #lastId = 0;

  private constructor(page: Page, cdp: CDPSession, mock: Mock) {
    this.#page = page;
    this.#cdp = cdp;
    this.#mock = mock;
  }

  /** Finds the page's Workers. Time goes on as usual until the first `sleep` or `pass`. */
  static async install(page: Page, mock: Mock): Promise<VirtualTime> {
    const cdp = await page.context().newCDPSession(page);
    const time = new VirtualTime(page, cdp, mock);
    cdp.on("Target.attachedToTarget", ({ sessionId }) => time.#workers.add(sessionId));
    cdp.on("Target.detachedFromTarget", ({ sessionId }) => time.#workers.delete(sessionId));
    cdp.on("Target.receivedMessageFromTarget", ({ sessionId, message }) => {
      const answer = JSON.parse(message) as Answer;
      if (answer.id !== undefined) time.#answers.get(answer.id)?.(answer);
      else if (answer.method === "Emulation.virtualTimeBudgetExpired") time.#expired.get(sessionId)?.();
    });
    cdp.on("Emulation.virtualTimeBudgetExpired", () => time.#expired.get("page")?.());
    // Not flattened: Playwright hands out no sessions of Workers, but passes these messages on.
    await cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return time;
  }

  /**
   * The laptop sleeps: the wall clock and the backend's go on, the monotonic clock stands still, and no timer fires.
   * Afterwards no time passes but by `pass`. Once per page, and before `pass`: see `setWallClock`.
   */
  async sleep(seconds: number): Promise<void> {
    await this.#mock.advance(seconds);
    await this.setWallClock(seconds);
  }

  /**
   * Somebody sets the laptop's clock, by so many seconds. Chromium takes a time of its own only when virtual time
   * begins: once per page, and before `pass`.
   */
  async setWallClock(by: number): Promise<void> {
    const now = await this.#page.evaluate(() => Date.now() / 1000);
    await this.#everywhere({ policy: "pause", initialVirtualTime: now + by });
    await this.#beat();
    const shown = await this.#page.evaluate(() => Date.now() / 1000);
    if (Math.abs(shown - now - by) > 5) throw new Error(`The clock shows ${String(shown)}; virtual time began before`);
  }

  /** So many seconds pass. */
  async pass(seconds: number): Promise<void> {
    await this.#everywhere({ policy: "pause" });
    await this.#beat();
    for (let left = seconds; left > 0; left -= STEP) {
      const step = Math.min(left, STEP);
      // The backend's clock first: a token looks older there than here, never younger.
      await this.#mock.advance(step);
      const targets = ["page", ...this.#workers];
      const over = Promise.all(
        targets.map((target) => new Promise<void>((resolve) => this.#expired.set(target, resolve))),
      );
      await this.#everywhere({ policy: "pauseIfNetworkFetchesPending", budget: step * 1000 });
      await Promise.race([over, stuck()]);
    }
  }

  /** A page without a timer lets a Worker's next timer fire before a message to it arrives, however far that is away. */
  async #beat(): Promise<void> {
    await this.#page.evaluate((heartbeat) => {
      const beating = globalThis as { beating?: number };
      beating.beating ??= window.setInterval(() => undefined, heartbeat);
    }, HEARTBEAT);
  }

  async #everywhere(policy: Policy): Promise<void> {
    const method = "Emulation.setVirtualTimePolicy";
    await Promise.all([
      this.#cdp.send(method, policy),
      ...[...this.#workers].map(async (worker) => this.#send(worker, method, policy)),
    ]);
  }

  async #send(sessionId: string, method: string, params: Policy): Promise<void> {
    const id = ++this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await this.#cdp.send("Target.sendMessageToTarget", { sessionId, message });
    const { error } = await answered;
    this.#answers.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
  }
}

function stuck(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const error = new Error(`${String(STEP)} s of virtual time did not pass within ${String(TIMEOUT)} ms`);
    setTimeout(() => {
      reject(error);
    }, TIMEOUT).unref();
  });
}
