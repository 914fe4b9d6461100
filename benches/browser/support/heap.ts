import type { CDPSession, Page } from "@playwright/test";

interface Usage {
  usedSize: number;
  backingStorageSize: number;
}

interface Answer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

type Send = (method: string, params?: object) => Promise<unknown>;

/** The memory of a page and its Workers, garbage taken out first. */
export class Heap {
  readonly #cdp: CDPSession;
  readonly #workers = new Map<string, Send>();
  readonly #answers = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #lastId = 0;

  private constructor(cdp: CDPSession) {
    this.#cdp = cdp;
  }

  /** Call it before the page starts its Workers. */
  static async of(page: Page): Promise<Heap> {
    const cdp = await page.context().newCDPSession(page);
    const heap = new Heap(cdp);
    cdp.on("Target.attachedToTarget", ({ sessionId }) => {
      heap.#workers.set(sessionId, (method, params) => heap.#ask(sessionId, method, params));
    });
    cdp.on("Target.detachedFromTarget", ({ sessionId }) => heap.#workers.delete(sessionId));
    cdp.on("Target.receivedMessageFromTarget", ({ message }) => {
      const { id = 0, result, error } = JSON.parse(message) as Answer;
      if (error) heap.#answers.get(id)?.reject(new Error(error.message));
      else heap.#answers.get(id)?.resolve(result);
      heap.#answers.delete(id);
    });
    // Not flattened: Playwright hands out no sessions of Workers, but passes these messages on.
    await cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return heap;
  }

  /** How many Workers the page has. */
  get workers(): number {
    return this.#workers.size;
  }

  /**
   * Bytes of page and Workers: objects of JavaScript, array buffers, WebAssembly memories. Not the browser's own objects:
   * among those the debugger that measures here keeps a record of every request. What a page holds of them counts by
   * the objects that JavaScript has for it, and by `nodes`.
   */
  async bytes(): Promise<number> {
    const page: Send = (method, params) => this.#cdp.send(method as "Runtime.enable", params);
    const sizes = await Promise.all([page, ...this.#workers.values()].map(realm));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Nodes and event listeners of the page, in its documents or not. */
  async nodes(): Promise<number> {
    const { nodes, jsEventListeners } = await this.#cdp.send("Memory.getDOMCounters");
    return nodes + jsEventListeners;
  }

  #ask(sessionId: string, method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    const message = JSON.stringify({ id, method, params });
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#cdp.send("Target.sendMessageToTarget", { sessionId, message }).catch(reject);
    });
  }
}

/** Of one realm. */
async function realm(send: Send): Promise<number> {
  // Finalizers free what only the next collection can.
  for (let i = 0; i < 3; i++) await send("HeapProfiler.collectGarbage");
  const memory = await wasmMemory(send);
  const { usedSize, backingStorageSize } = (await send("Runtime.getHeapUsage")) as Usage;
  return usedSize + backingStorageSize + memory;
}

/** Bytes of all WebAssembly memories, which V8 does not count among its backing stores. */
async function wasmMemory(send: Send): Promise<number> {
  const objectGroup = "heap";
  const prototype = (await send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype", objectGroup })) as {
    result: { objectId: string };
  };
  const { objects } = (await send("Runtime.queryObjects", {
    prototypeObjectId: prototype.result.objectId,
    objectGroup,
  })) as { objects: { objectId: string } };
  const functionDeclaration = "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }";
  const { result } = (await send("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration,
    returnByValue: true,
  })) as { result: { value: number } };
  await send("Runtime.releaseObjectGroup", { objectGroup });
  return result.value;
}
