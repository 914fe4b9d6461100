// One mock: an instance of the WebAssembly, and what it asks of JavaScript.
//
// Whatever calls into the WebAssembly goes through `#call`: a trap there ends this mock, with an error that names what it
// was doing, and nothing else in the process.
import { MockBackendError } from "./error.js";
import { type Ending, type Glue, newGlue } from "./glue.js";

/** An answer, whole in memory. */
export interface Answer {
  status: number;
  /** Names and values by turns; each character of a value is a byte. */
  headers: string[];
  body: Uint8Array;
  ending: Ending;
}

/** A request under way. */
export interface Exchange {
  answer: Promise<Answer>;
  /** Hands over more of the body; false where nobody reads it any more. */
  chunk(bytes: Uint8Array): boolean;
  /** All of the body has come, or no more of it will. */
  end(isWhole: boolean): void;
  /** Nobody waits for the answer any more. */
  cancel(): void;
}

/** What a core is started with. */
export interface CoreOptions {
  /** Where somebody listens for it, such as `127.0.0.1:8787`. */
  address?: string;
  seed?: "demo" | "empty";
  ttl?: number;
  quota?: number;
  apiKey?: string;
  allowHosts?: string[];
  control?: boolean;
  log?: string;
  repeat?: { seed: number; nowMs: number };
}

/** What is there to a core from outside. */
export interface Surroundings {
  sdkFile(path: string): Uint8Array | undefined;
  log(level: string, text: string): void;
  /** The mock has ended, for this reason. */
  crashed(error: MockBackendError): void;
}

interface Task {
  /** What it is, for an error. */
  title: string;
  isQueued: boolean;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Words that could be a token. */
const LONG_WORD = /[\w.-]{48,}/g;

export class Core {
  readonly #glue: Glue = newGlue();
  readonly #tasks = new Map<number, Task>();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  readonly #surroundings: Surroundings;
  #lastTask = 0;
  #ended: MockBackendError | undefined;
  /** A key that works from the start. */
  readonly apiKey: string;

  /** @throws MockBackendError - where the options make no sense */
  constructor(module: WebAssembly.Module, options: CoreOptions, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.apiKey = this.#call("it started", () => {
      this.#glue.initSync({ module });
      return this.#glue.start(JSON.stringify(options), {
        setTimer: (timer, ms) => {
          this.#timers.set(
            timer,
            setTimeout(() => {
              this.#fire(timer);
            }, ms),
          );
        },
        clearTimer: (timer) => {
          clearTimeout(this.#timers.get(timer));
          this.#timers.delete(timer);
        },
        wake: (task) => {
          this.#wake(task);
        },
        sdkFile: (path) => surroundings.sdkFile(path),
        log: (level, text) => {
          surroundings.log(level, text);
        },
        answer: (id, status, headers, body, ending) => {
          const task = this.#tasks.get(id);
          this.#tasks.delete(id);
          task?.resolve({ status, headers, body, ending });
        },
      });
    });
  }

  /**
   * Asks the mock.
   *
   * @param headers - Names and values by turns; each character of a value is a byte.
   */
  request(method: string, target: string, headers: string[]): Exchange {
    const id = ++this.#lastTask;
    const [path = ""] = target.split("?");
    const title = `it answered ${method} ${path.replace(LONG_WORD, (word) => `${word.slice(0, 8)}…`)}`;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#tasks.set(id, { title, isQueued: false, resolve, reject });
    });
    this.#attempt(title, () => {
      this.#glue.request(id, method, target, headers);
    });
    return {
      answer,
      chunk: (bytes) => this.#attempt(title, () => this.#glue.bodyChunk(id, bytes)) ?? false,
      end: (isWhole) => {
        this.#attempt(title, () => {
          this.#glue.bodyEnd(id, isWhole);
        });
      },
      cancel: () => {
        if (!this.#tasks.delete(id)) return;
        this.#attempt(title, () => {
          this.#glue.cancel(id);
        });
      },
    };
  }

  now(): number {
    return this.#call("its clock was read", () => this.#glue.nowMs());
  }

  advance(seconds: number): void {
    this.#call("its clock was moved", () => {
      this.#glue.advance(seconds);
    });
  }

  videos(): unknown {
    return JSON.parse(this.#call("its videos were read", () => this.#glue.videos()));
  }

  setFault(fault: unknown): void {
    this.#call("a fault was set", () => {
      this.#glue.setFault(JSON.stringify(fault));
    });
  }

  clearFaults(): void {
    this.#call("its faults were taken away", () => {
      this.#glue.clearFaults();
    });
  }

  journal(): unknown {
    return JSON.parse(this.#call("its journal was read", () => this.#glue.journal()));
  }

  createKey(wanted: unknown): unknown {
    return JSON.parse(this.#call("a key was made", () => this.#glue.createKey(JSON.stringify(wanted))));
  }

  revokeKey(prefix: string): boolean {
    return this.#call("a key was revoked", () => this.#glue.revokeKey(prefix));
  }

  reset(): void {
    this.#call("it was reset", () => {
      this.#glue.reset();
    });
  }

  /** Ends it: what is under way fails with this error, and so does whatever comes later. */
  end(error: MockBackendError): void {
    if (this.#ended) return;
    this.#ended = error;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    for (const task of tasks) task.reject(error);
  }

  #wake(id: number): void {
    const task = this.#tasks.get(id);
    if (!task || task.isQueued) return;
    task.isQueued = true;
    queueMicrotask(() => {
      task.isQueued = false;
      if (this.#tasks.has(id)) {
        this.#attempt(task.title, () => {
          this.#glue.poll(id);
        });
      }
    });
  }

  #fire(timer: number): void {
    this.#timers.delete(timer);
    this.#attempt("it waited", () => {
      this.#glue.fire(timer);
    });
  }

  /** For what nobody waits for: an error reaches those who wait for an answer. */
  #attempt<T>(doing: string, ask: () => T): T | undefined {
    try {
      return this.#call(doing, ask);
    } catch (error) {
      if (!this.#ended) throw error;
      this.#rejectLate();
      return undefined;
    }
  }

  /** A request to a mock that has ended. */
  #rejectLate(): void {
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    for (const task of tasks) task.reject(this.#ended);
  }

  #call<T>(doing: string, ask: () => T): T {
    if (this.#ended) throw this.#ended;
    try {
      return ask();
    } catch (thrown) {
      // What Rust answers with an error arrives as its text.
      if (typeof thrown === "string") throw new MockBackendError(thrown);
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      const error = new MockBackendError(
        `The mock backend crashed while ${doing} (${reason}). It answers nothing more; start another one. ` +
          "This is a fault of the mock: please report it.",
        { cause: thrown },
      );
      this.end(error);
      this.#surroundings.crashed(error);
      throw error;
    }
  }
}
