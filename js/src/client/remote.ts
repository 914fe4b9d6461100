import { after } from "../platform/delay.js";
import { aborted, AnsdevError, localDetail, localError } from "../protocol/errors.js";
import type { CallOptions } from "./call-options.js";
import type { Connection } from "./isolation.js";
import type { ErrorDetail } from "../protocol/models.js";
import type {
  CallArguments,
  CallName,
  CallResult,
  NotificationArguments,
  NotificationName,
} from "../protocol/calls.js";
import type { CoreEvent, FromDispatcher, ToDispatcher } from "../protocol/messages.js";
import type { Provider } from "./provider.js";

/** Milliseconds after which a call that was not answered rejects, so that a promise always settles. */
const CALL_DEADLINE = 30_000;
/** Milliseconds that the core has to wipe the key before its Worker is ended anyway. */
const WIPE_DEADLINE = 1_000;

interface Pending {
  /** What asks the core. */
  readonly message: ToDispatcher;
  /** When it has waited too long, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  resolve(value: unknown): void;
  reject(error: AnsdevError): void;
  /** Rejects, and has the core give up. */
  give(error: AnsdevError): void;
}

/** A client that is being started. */
interface Starting {
  /** Sends the first message; `undefined` once that is done. */
  sendFirst: (() => void) | undefined;
  readonly deadline: ReturnType<typeof setTimeout>;
  resolve(keyPrefix: string | null): void;
  reject(error: AnsdevError): void;
}

/** The page's side of the conversation with the dispatcher. */
export class Remote {
  readonly #provider: Provider | undefined;
  readonly #pending = new Map<number, Pending>();
  #connection: Connection | undefined;
  #onEvent: (event: CoreEvent) => void = () => undefined;
  #onLost: (error: ErrorDetail | null) => void = () => undefined;
  #revive: (() => Promise<unknown>) | undefined;
  #starting: Starting | undefined;
  #ended: ErrorDetail | undefined;
  #isLost = false;
  #lastCall = 0;
  /** One timer for all calls: there are many, and few of them wait that long. */
  #isTimed = false;

  constructor(provider: Provider | undefined) {
    this.#provider = provider;
  }

  /**
   * Waits until there is a dispatcher, has the first message sent, and waits until the core runs. Resolves to the
   * key's public prefix. What comes next is decided when a message comes, and not by the promise: others can settle it.
   *
   * @throws {@link AnsdevError} What the core refused, or `UNSUPPORTED` where it cannot run; the connection is closed.
   */
  start(connection: Connection, sendFirst: () => void): Promise<string | null> {
    this.#connection = connection;
    return new Promise<string | null>((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#refuse(localDetail("TIMEOUT", `The player did not start within ${String(CALL_DEADLINE / 1000)} seconds`));
      }, CALL_DEADLINE);
      this.#starting = { sendFirst, resolve, reject, deadline };
    });
  }

  /** Who is told of the core's events. */
  set onEvent(listener: (event: CoreEvent) => void) {
    this.#onEvent = listener;
  }

  /** Who is told when the Worker was lost: with the error, or, once there is another, without. */
  set onLost(listener: (error: ErrorDetail | null) => void) {
    this.#onLost = listener;
  }

  /** How another Worker is started in the place of one that was lost; never for a client with a key. */
  set revive(start: () => Promise<unknown>) {
    this.#revive = start;
  }

  /** Asks the core. `onResult` is called with the answer before any later message is looked at. */
  call<Name extends CallName>(
    name: Name,
    args: CallArguments<Name>,
    { signal }: CallOptions = {},
    onResult?: (result: CallResult<Name>) => void,
  ): Promise<CallResult<Name>> {
    if (this.#ended !== undefined) return Promise.reject(this.#gone());
    if (signal?.aborted) return Promise.reject(aborted(signal));
    const call = ++this.#lastCall;
    return new Promise((resolve, reject) => {
      const give = (error: AnsdevError): void => {
        settle();
        this.notify("cancel", [call]);
        reject(error);
      };
      const onAbort = (): void => {
        if (signal) give(aborted(signal));
      };
      const settle = (): void => {
        signal?.removeEventListener("abort", onAbort);
        this.#pending.delete(call);
      };
      const message: ToDispatcher = { type: "call", call, name, args };
      this.#pending.set(call, {
        message,
        deadline: performance.now() + CALL_DEADLINE,
        give,
        resolve: (value) => {
          // What makes no sense of the answer throws: the call is still pending then, and ends with the client.
          onResult?.(value as CallResult<Name>);
          settle();
          resolve(value as CallResult<Name>);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      signal?.addEventListener("abort", onAbort);
      this.#awaitDeadline(CALL_DEADLINE);
      this.#post(message);
    });
  }

  /** Has another Worker open a session that the one before had opened. */
  reopen(handle: number, videoId: string): void {
    this.#post({ type: "call", call: handle, name: "openSession", args: [videoId] });
  }

  /** Tells the core something that it does not answer. */
  notify<Name extends NotificationName>(name: Name, args: NotificationArguments<Name>): void {
    if (this.#ended === undefined) this.#post({ type: "notify", name, args });
  }

  /** Takes one message from the dispatcher. */
  receive(message: FromDispatcher): void {
    switch (message.type) {
      case "booted": {
        // Once, and then no reference to it is left: it has the options.
        const sendFirst = this.#starting?.sendFirst;
        if (this.#starting) this.#starting.sendFirst = undefined;
        sendFirst?.();
        break;
      }
      case "ready":
        this.#endStart()?.resolve(message.keyPrefix);
        break;
      case "failed":
        this.#refuse(message.error);
        break;
      case "resolved":
        this.#pending.get(message.call)?.resolve(message.value);
        break;
      case "rejected":
        this.#pending.get(message.call)?.reject(this.errorFrom(message.error));
        break;
      case "event":
        this.#onEvent(message);
        break;
      case "provide":
        void this.#provide(message);
        break;
      case "provideAborted":
        this.#provider?.abort(message.request);
        break;
      case "destroyed":
        this.#close();
        break;
      case "lost":
        this.#close();
        if (this.#revive && !this.#isLost) void this.#startAnew(this.#revive, message.error);
        else this.#lose(message.error);
        break;
      case "crashed":
        this.#end(message.error);
        this.#refuse(message.error);
        this.#close();
        break;
    }
  }

  /** Rejects what is pending, has the core wipe the key, and ends its Worker. Idempotent. */
  destroy(): void {
    if (this.#ended !== undefined) return;
    const reason = localDetail("DESTROYED", "The client was destroyed; create a new one");
    this.#ended = reason;
    // First: what follows calls functions that a script may have broken.
    this.#connection?.post({ type: "destroy" });
    this.#end(reason);
    after(WIPE_DEADLINE, () => {
      this.#close();
    });
  }

  /** An error of the core as JavaScript knows errors, with what `getToken` threw as its cause. */
  errorFrom(detail: ErrorDetail): AnsdevError {
    const isProviders = detail.code === "TOKEN_PROVIDER_FAILED" || detail.code === "RATE_LIMIT_EXCEEDED";
    const cause = isProviders && this.#provider?.lastFailure(detail.videoId);
    return new AnsdevError(detail, cause ? { cause: cause.error } : undefined);
  }

  async #startAnew(revive: () => Promise<unknown>, detail: ErrorDetail): Promise<void> {
    this.#isLost = true;
    this.#provider?.abortAll();
    try {
      await revive();
      this.#isLost = false;
      this.#onLost(null);
      for (const { message } of this.#pending.values()) this.#post(message);
    } catch {
      this.#lose(detail);
    }
  }

  #lose(detail: ErrorDetail): void {
    this.#end(detail);
    this.#refuse(detail);
    this.#onLost(detail);
  }

  /** While another Worker starts, nothing is posted: it is told everything once it runs. */
  #post(message: ToDispatcher): void {
    if (!this.#isLost) this.#connection?.post(message);
  }

  /** The start has failed. */
  #refuse(detail: ErrorDetail): void {
    const starting = this.#endStart();
    if (starting === undefined) return;
    this.#close();
    starting.reject(new AnsdevError(detail));
  }

  #endStart(): Starting | undefined {
    const starting = this.#starting;
    this.#starting = undefined;
    clearTimeout(starting?.deadline);
    return starting;
  }

  #awaitDeadline(milliseconds: number): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    after(milliseconds, () => {
      this.#isTimed = false;
      const now = performance.now();
      // A Map goes from the oldest to the newest.
      for (const pending of [...this.#pending.values()]) {
        if (pending.deadline > now) {
          this.#awaitDeadline(pending.deadline - now);
          break;
        }
        pending.give(localError("TIMEOUT", `The call was not answered within ${String(CALL_DEADLINE / 1000)} seconds`));
      }
    });
  }

  async #provide(request: FromDispatcher & { type: "provide" }): Promise<void> {
    const provided = await this.#provider?.provide(request);
    if (provided) this.#post(provided);
  }

  #end(reason: ErrorDetail): void {
    this.#ended = reason;
    this.#provider?.abortAll();
    for (const pending of [...this.#pending.values()]) pending.reject(this.#gone());
  }

  // A new error for every caller: each has the stack of its own call.
  #gone(): AnsdevError {
    return new AnsdevError(this.#ended ?? localDetail("DESTROYED", "The client is not running"));
  }

  #close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}
