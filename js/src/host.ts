/**
 * Runs beside the wasm: in the Worker, or (weaker) in the page. It turns messages into calls of the core, and the
 * core's answers, events and requests for tokens into messages.
 *
 * No message makes it answer with the key, or send it anywhere: the address was fixed by the first one.
 */
import init, { Core as NativeCore } from "ansdev:core";

import type { Core } from "./core.js";
import { AnsdevError, localDetail, localError } from "./errors.js";
import type { ErrorDetail, TokenReason } from "./models.js";
import type {
  Arguments,
  Calls,
  CoreEvent,
  FromHost,
  Init,
  Provided,
  Tellings,
  ToHost,
  WasmSource,
} from "./protocol.js";
import { TabShare } from "./tab-share.js";
import { compile } from "./wasm.js";

type Ask = {
  [Name in keyof Calls]: (core: Core, call: number, ...rest: Arguments<Calls, Name>) => unknown;
};
type Tell = { [Name in keyof Tellings]: (core: Core, ...rest: Arguments<Tellings, Name>) => void };

const ask: Ask = {
  listVideos: (core, call, limit, cursor) => core.listVideos(call, limit, cursor),
  getVideo: (core, call, id) => core.getVideo(call, id),
  openSession: (core, _call, videoId) => core.openSession(videoId),
  getToken: (core, call, session) => core.getToken(call, session),
  resolve: (core, call, session, url) => core.resolve(call, session, url),
  manifestUrl: (core, call, session) => core.manifestUrl(call, session),
  playerUrl: (core, call, session) => core.playerUrl(call, session),
};

const tell: Tell = {
  cancel: (core, call) => {
    core.cancel(call);
  },
  setActive: (core, session, active) => {
    core.setActive(session, active);
  },
  invalidate: (core, session, rejected) => {
    core.invalidate(session, rejected);
  },
  closeSession: (core, session) => {
    core.closeSession(session);
  },
  wake: (core) => {
    core.wake();
  },
  setOnline: (core, online) => {
    core.setOnline(online);
  },
};

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
export class Host {
  readonly #post: (message: FromHost) => void;
  readonly #requests = new Map<number, { resolve(answer: object): void; reject(error: AnsdevError): void }>();
  #core: Core | undefined;
  #tabs: TabShare | undefined;
  #started = false;
  #prepared: Promise<void> | undefined;
  #lastRequest = 0;

  constructor(post: (message: FromHost) => void) {
    this.#post = post;
  }

  /** Takes one message from the page. */
  receive(message: ToHost): void {
    switch (message.type) {
      case "connect":
        break;
      case "prepare":
        this.#prepared ??= instantiate(message.wasm);
        // What went wrong is told when the core is asked for.
        this.#prepared.catch(() => undefined);
        break;
      case "init":
        void this.#start(message);
        break;
      case "call":
        void this.#answer(message);
        break;
      case "tell":
        this.#tell(message);
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

  async #start({ key, baseUrl, onDemand, shareAcrossTabs }: Init): Promise<void> {
    try {
      if (this.#started) throw new Error("A second init message");
      this.#started = true;
      await this.#prepared;
      this.#core = new NativeCore(key, baseUrl, onDemand, shareAcrossTabs, {
        emit: (name, videoId, detail) => {
          // The core emits the names and details that CoreEvents lists (src/web in Rust).
          this.#post({ type: "event", name, videoId, detail } as CoreEvent);
        },
        provide: (videoId, reason, signal) => this.#provide(videoId, reason, signal),
        beforeMint: async (videoId, reason, signal) => this.#tabs?.beforeMint(videoId, reason, signal),
        afterMint: (videoId, token) => this.#tabs?.afterMint(videoId, token),
      });
      if (shareAcrossTabs) this.#tabs = new TabShare(this.#core, baseUrl);
      this.#post({ type: "ready", keyPrefix: this.#core.keyPrefix ?? null });
    } catch (error) {
      this.#post({ type: "failed", error: detailOf(error) });
    } finally {
      key?.fill(0);
    }
  }

  async #answer(message: ToHost & { type: "call" }): Promise<void> {
    const { call, name, args } = message;
    try {
      if (!Object.hasOwn(ask, name)) throw new TypeError(`There is no call ${name}`);
      // `Remote` has checked that the arguments fit the name.
      const value = await (ask[name] as (core: Core, call: number, ...rest: unknown[]) => unknown)(
        this.#ready(),
        call,
        ...args,
      );
      this.#post({ type: "answer", call, value });
    } catch (error) {
      this.#post({ type: "refusal", call, error: detailOf(error) });
    }
  }

  #tell({ name, args }: ToHost & { type: "tell" }): void {
    if (!Object.hasOwn(tell, name)) return;
    (tell[name] as (core: Core, ...rest: unknown[]) => void)(this.#ready(), ...args);
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

  #provided({ request, answer, error }: Provided): void {
    const waiting = this.#requests.get(request);
    this.#requests.delete(request);
    if (answer) waiting?.resolve(answer);
    else waiting?.reject(new AnsdevError(error ?? localDetail("TOKEN_PROVIDER_FAILED", "`getToken` gave no answer")));
  }
}

/** The core rejects with plain objects; anything else is a defect of the SDK itself. */
function detailOf(error: unknown): ErrorDetail {
  if (error instanceof AnsdevError) {
    const { code, message, status, retryable, retryAfter, fatal, videoId, docsUrl } = error;
    return { code, message, status, retryable, retryAfter, fatal, videoId, docsUrl };
  }
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) return error as ErrorDetail;
  return localDetail("UNSUPPORTED", `The player's core failed: ${String(error)}. Create a new client`);
}
