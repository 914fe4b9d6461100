/**
 * Runs beside the WebAssembly: in the Worker, or (weaker) in the page. It turns messages into calls of the core, and the
 * core's results, events and requests for tokens into messages.
 *
 * No message makes it reveal the key, or send it anywhere: the address was fixed by the first one.
 */
import init, { Core as NativeCore } from "ansdev:core";

import { type CallName, CALLS, NOTIFICATIONS, type NotificationName } from "../protocol/calls.js";
import type { Core } from "../protocol/core.js";
import { AnsdevError, isAnsdevError, localDetail, localError } from "../protocol/errors.js";
import type { ErrorDetail, TokenReason } from "../protocol/models.js";
import type { CoreEvent, FromDispatcher, Init, Provided, ToDispatcher } from "../protocol/messages.js";
import { TabShare } from "./tab-share.js";
import { compile, type WasmSource } from "./wasm.js";

// The generated glue keeps one instance per realm; in the page, several clients share it.
let instantiated: Promise<unknown> | undefined;

async function instantiate(wasm: WasmSource): Promise<void> {
  instantiated ??= compile(wasm).then((module) => init({ module_or_path: module }));
  try {
    await instantiated;
  } catch (error) {
    instantiated = undefined;
    throw error;
  }
}

/** One core, and the messages to and from it. */
export class Dispatcher {
  readonly #post: (message: FromDispatcher) => void;
  readonly #requests = new Map<number, { resolve(answer: object): void; reject(error: AnsdevError): void }>();
  #core: Core | undefined;
  #tabs: TabShare | undefined;
  #started = false;
  readonly #prepared: Promise<void>;
  #lastRequest = 0;

  constructor(post: (message: FromDispatcher) => void, wasm: WasmSource) {
    this.#post = post;
    // Ahead of the first message. What went wrong is told when the core is asked for.
    this.#prepared = instantiate(wasm);
    this.#prepared.catch(() => undefined);
  }

  /** Takes one message from the page. */
  receive(message: ToDispatcher): void {
    switch (message.type) {
      case "connect":
        break;
      case "init":
        void this.#start(message);
        break;
      case "call":
        void this.#call(message);
        break;
      case "notify":
        this.#notify(message);
        break;
      case "provided":
        this.#provided(message);
        break;
      case "destroy":
        this.#tabs?.close();
        this.#core?.destroy();
        this.#post({ type: "destroyed" });
        break;
    }
  }

  async #start({ key, baseUrl, onDemand, shareAcrossTabs, videoIds }: Init): Promise<void> {
    try {
      if (this.#started) throw new Error("A second init message");
      this.#started = true;
      await this.#prepared;
      this.#core = new NativeCore(key, baseUrl, onDemand, shareAcrossTabs, videoIds && Array.from(videoIds), {
        emit: (name, videoId, detail) => {
          // The core emits the names and details that CoreEvents lists (src/web in Rust).
          this.#post({ type: "event", name, videoId, detail } as CoreEvent);
        },
        provide: (videoId, reason, signal) => this.#provide(videoId, reason, signal),
        beforeMint: async (videoId, reason, signal) => this.#tabs?.beforeMint(videoId, reason, signal),
        afterMint: (videoId, token, signal) => this.#tabs?.afterMint(videoId, token, signal),
      });
      if (shareAcrossTabs) this.#tabs = new TabShare(this.#core, baseUrl);
      this.#post({ type: "ready", keyPrefix: this.#core.keyPrefix ?? null });
    } catch (error) {
      this.#post({ type: "failed", error: detailOf(error) });
    } finally {
      key?.fill(0);
    }
  }

  async #call({ call, name, args }: ToDispatcher & { type: "call" }): Promise<void> {
    try {
      if (!CALLS.includes(name)) throw new TypeError("The core has no such method");
      this.#post({ type: "resolved", call, value: await use(this.#ready(), name, [call, ...args]) });
    } catch (error) {
      this.#post({ type: "rejected", call, error: detailOf(error) });
    }
  }

  #notify({ name, args }: ToDispatcher & { type: "notify" }): void {
    if (NOTIFICATIONS.includes(name)) use(this.#ready(), name, args);
  }

  #ready(): Core {
    if (this.#core === undefined) throw new AnsdevError(localDetail("DESTROYED", "The client is not running"));
    return this.#core;
  }

  #provide(videoId: string, reason: TokenReason, signal: AbortSignal): Promise<object> {
    const request = ++this.#lastRequest;
    return new Promise((resolve, reject) => {
      this.#requests.set(request, { resolve, reject });
      signal.addEventListener(
        "abort",
        () => {
          if (!this.#requests.delete(request)) return;
          this.#post({ type: "provideAborted", request });
          reject(localError("ABORTED", "Nobody waits for the token any more"));
        },
        { once: true },
      );
      this.#post({ type: "provide", request, videoId, reason });
    });
  }

  #provided({ request, provided, error }: Provided): void {
    const waiting = this.#requests.get(request);
    this.#requests.delete(request);
    if (provided) waiting?.resolve(provided);
    else waiting?.reject(new AnsdevError(error ?? localDetail("TOKEN_PROVIDER_FAILED", "`getToken` gave no answer")));
  }
}

/** Calls a method by its name. That the arguments fit is checked where messages are made, in `Remote`. */
function use(core: Core, name: CallName | NotificationName, args: unknown[]): unknown {
  return (core as unknown as Record<typeof name, (...args: unknown[]) => unknown>)[name](...args);
}

/** The core rejects with plain objects; anything else is a defect of the SDK itself. */
function detailOf(error: unknown): ErrorDetail {
  if (isAnsdevError(error)) {
    const { code, message, status, retryable, retryAfter, fatal, videoId, docsUrl } = error;
    return { code, message, status, retryable, retryAfter, fatal, videoId, docsUrl };
  }
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) return error as ErrorDetail;
  return localDetail("UNSUPPORTED", `The player's core failed: ${String(error)}. Create a new client`);
}
