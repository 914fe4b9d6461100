import type { CDPSession, Page } from "@playwright/test";

interface RemoteObject {
  objectId?: string | undefined;
  value?: unknown;
}

interface Answer {
  result: RemoteObject;
  exceptionDetails?: { exception?: { description?: string } };
}

interface Message {
  id?: number;
  method?: string;
  params?: { chunk?: string };
  result?: unknown;
  error?: { message: string };
}

interface Usage {
  usedSize: number;
  backingStorageSize: number;
}

/** A page or a Worker as its developer tools see it: with everything on its heap, closures and private fields too. */
export abstract class Realm {
  protected readonly chunks: string[] = [];

  protected abstract send(method: string, params?: object): Promise<unknown>;

  /** Everything on the JavaScript heap, after a garbage collection, as Chromium writes it. No `ArrayBuffer`'s bytes. */
  async heapSnapshot(): Promise<string> {
    this.chunks.length = 0;
    await this.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
    return this.chunks.join("");
  }

  /** Bytes of the heap, and of WebAssembly's memories. */
  async bytes(): Promise<number> {
    return (await this.heapBytes()) + (await this.wasmBytes());
  }

  /**
   * Bytes of JavaScript's objects and array buffers, after a garbage collection. Not of the browser's own objects: among
   * those the developer tools keep a record of every request.
   */
  async heapBytes(): Promise<number> {
    // Finalizers free what only the next collection can.
    for (let i = 0; i < 3; i++) await this.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = (await this.send("Runtime.getHeapUsage")) as Usage;
    return usedSize + backingStorageSize;
  }

  /** Bytes of the WebAssembly memories, which V8 does not count among its backing stores. */
  async wasmBytes(): Promise<number> {
    return this.everyInstance<number>(
      "WebAssembly.Memory.prototype",
      "(memories) => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)",
    );
  }

  /** Runs a script. */
  async run(script: string): Promise<void> {
    const { exceptionDetails } = (await this.send("Runtime.evaluate", { expression: script })) as Answer;
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "The script threw");
  }

  /**
   * Every object on the heap whose prototype `prototype` evaluates to, after a garbage collection, given to `visit` as
   * an array; what `visit` returns must be JSON. Nothing in the realm can hide from it.
   */
  async everyInstance<T>(prototype: string, visit: string, ...args: unknown[]): Promise<T> {
    const objectId = await this.#query(prototype);
    return this.#call<T>(objectId, `function (...args) { return (${visit})(this, ...args); }`, ...values(args));
  }

  async #query(prototype: string): Promise<string | undefined> {
    const { result } = (await this.send("Runtime.evaluate", { expression: prototype })) as Answer;
    const found = (await this.send("Runtime.queryObjects", { prototypeObjectId: result.objectId })) as {
      objects: RemoteObject;
    };
    return found.objects.objectId;
  }

  async #call<T>(objectId: string | undefined, functionDeclaration: string, ...args: RemoteObject[]): Promise<T> {
    const options = { objectId, functionDeclaration, arguments: args, returnByValue: true };
    const { result, exceptionDetails } = (await this.send("Runtime.callFunctionOn", options)) as Answer;
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "The function threw");
    return result.value as T;
  }
}

function values(args: unknown[]): RemoteObject[] {
  return args.map((value) => ({ value }));
}

/** The page itself. */
export class PageRealm extends Realm {
  readonly #cdp: CDPSession;

  private constructor(cdp: CDPSession) {
    super();
    this.#cdp = cdp;
  }

  static async of(page: Page): Promise<PageRealm> {
    const cdp = await page.context().newCDPSession(page);
    const realm = new PageRealm(cdp);
    cdp.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => realm.chunks.push(chunk));
    return realm;
  }

  protected async send(method: string, params?: object): Promise<unknown> {
    return this.#cdp.send(method as "Runtime.evaluate", params as never);
  }
}

/** A dedicated Worker of the page. */
export class WorkerRealm extends Realm {
  readonly #cdp: CDPSession;
  readonly #sessionId: string;
  readonly #answers = new Map<number, (answer: Message) => void>();
  #lastId = 0;

  private constructor(cdp: CDPSession, sessionId: string) {
    super();
    this.#cdp = cdp;
    this.#sessionId = sessionId;
    cdp.on("Target.receivedMessageFromTarget", ({ sessionId: from, message }) => {
      if (from === sessionId) this.#receive(JSON.parse(message) as Message);
    });
  }

  /** The page's only Worker, which runs already. */
  static async of(page: Page): Promise<WorkerRealm> {
    const cdp = await page.context().newCDPSession(page);
    const attached: string[] = [];
    cdp.on("Target.attachedToTarget", ({ sessionId }) => attached.push(sessionId));
    // Not flattened: Playwright hands out no sessions of Workers, but passes these messages on.
    await cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    const [sessionId] = attached;
    if (sessionId === undefined || attached.length > 1) {
      throw new Error(`The page has ${String(attached.length)} Workers; expected one`);
    }
    return new WorkerRealm(cdp, sessionId);
  }

  protected async send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    const answered = new Promise<Message>((resolve) => this.#answers.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await this.#cdp.send("Target.sendMessageToTarget", { sessionId: this.#sessionId, message });
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #receive(message: Message): void {
    if (message.id !== undefined) {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
    } else if (message.method === "HeapProfiler.addHeapSnapshotChunk") {
      this.chunks.push(message.params?.chunk ?? "");
    }
  }
}
