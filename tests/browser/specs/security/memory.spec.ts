import type { Page } from "@playwright/test";

import { serveLeaky } from "../../support/attack/leaky-build.ts";
import { isOnHeap, wasmResidue } from "../../support/attack/memory.ts";
import { PageRealm, WorkerRealm } from "../../support/attack/realm.ts";
import { expect, test } from "../../support/test.ts";

const HELD = { copies: 1, isMoreThere: false };
const WIPED = { copies: 0, isMoreThere: false };

test.beforeEach(async ({ page, site }) => {
  // So that there is something to look at after `destroy`, which ends the Worker.
  await page.addInitScript(() => {
    Worker.prototype.terminate = () => undefined;
  });
  await page.goto(site.page("blank.html"));
});

/** Makes a client, which stays; or fails to. */
async function create(page: Page, access: object, entry = "@ansdev/player"): Promise<string> {
  return page.evaluate(
    async ([options, module]) => {
      const { createClient } = (await import(module)) as typeof import("@ansdev/player");
      try {
        Object.assign(window, { client: await createClient(options as never) });
        return "created";
      } catch (error) {
        return (error as { code: string }).code;
      }
    },
    [access, entry] as const,
  );
}

/** Asks for a token of a video; the code of the error, where there is none. */
async function mint(page: Page, videoId: string): Promise<string> {
  return page.evaluate(async (id) => {
    const { client } = window as unknown as { client: import("@ansdev/player").Client };
    try {
      await (await client.openSession(id)).getToken();
      return "minted";
    } catch (error) {
      return (error as { code: string }).code;
    }
  }, videoId);
}

async function destroy(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { client } = window as unknown as { client: import("@ansdev/player").Client };
    client.destroy();
    await client.videos.list().catch(() => undefined);
  });
}

test("wasm memory: one copy after creation, mint, failed mint and revocation; none after destroy", async ({
  page,
  mock,
}) => {
  expect(await create(page, mock.access)).toBe("created");
  const worker = await WorkerRealm.of(page);
  const residue = async () => wasmResidue(worker, mock.apiKey);
  expect(await residue()).toEqual(HELD);

  expect(await mint(page, "vid_clear")).toBe("minted");
  expect(await residue()).toEqual(HELD);

  expect(await mint(page, "vid_in_the_making")).toBe("VIDEO_NOT_READY");
  await mock.fault({ route: "mint", kind: "status", value: 503, times: 2 });
  expect(await mint(page, "vid_single_key")).toBe("minted");
  expect(await residue()).toEqual(HELD);

  await mock.revoke(mock.apiKey);
  expect(await mint(page, "vid_rotating_keys")).toBe("INVALID_API_KEY");
  expect(await residue()).toEqual(HELD);

  await destroy(page);
  expect(await residue()).toEqual(WIPED);

  // Positive control: a copy that nobody wiped, and a part of one.
  const put = `(memories, text) => { new TextEncoder().encodeInto(text, new Uint8Array(memories[0].buffer, 70000)) }`;
  await worker.everyInstance("WebAssembly.Memory.prototype", put, mock.apiKey);
  expect(await residue()).toEqual(HELD);
  await worker.everyInstance("WebAssembly.Memory.prototype", put, "-".repeat(20));
  expect(await residue()).toEqual({ copies: 0, isMoreThere: true });
});

test("wasm memory: nothing of a key that was refused for its form", async ({ page, mock }) => {
  expect(await create(page, { ...mock.access, apiKey: `${mock.apiKey}0` })).toBe("INVALID_KEY_FORMAT");
  expect(await wasmResidue(await WorkerRealm.of(page), mock.apiKey)).toEqual(WIPED);
});

/** Pages in which there can be no Worker, or none that runs the core. */
const REFUSALS: Record<string, { policy?: string; isWithoutWorker?: boolean }> = {
  "a policy forbids Workers": { policy: "worker-src 'none'" },
  "a policy forbids WebAssembly": { policy: "script-src 'self' 'unsafe-inline'" },
  "there is no Worker": { isWithoutWorker: true },
};

for (const [why, { policy, isWithoutWorker }] of Object.entries(REFUSALS)) {
  test(`memory: a start that is refused leaves nothing of the key: ${why}`, async ({ page, mock, site }) => {
    if (policy) site.pageHeaders = { "content-security-policy": policy };
    if (isWithoutWorker) await page.addInitScript(() => Reflect.deleteProperty(window, "Worker"));
    await page.goto(site.page("blank.html"));
    expect(await create(page, mock.access)).toBe("UNSUPPORTED");
    const workers = page.workers().length > 0 ? [await WorkerRealm.of(page)] : [];
    for (const worker of workers) expect(await wasmResidue(worker, mock.apiKey)).toEqual(WIPED);
    for (const realm of [await PageRealm.of(page), ...workers]) expect(await isOnHeap(realm, mock.apiKey)).toBe(false);
  });
}

/** A script breaks what comes after the key was sent. */
async function breakTheRest(page: Page, entry: string): Promise<void> {
  await page.evaluate(async (module) => {
    await import(module);
    const broken = function (): never {
      throw new Error("broken");
    };
    Object.assign(window, { AbortController: broken });
  }, entry);
}

test("memory: a start that a script breaks after the key was sent leaves nothing of the key", async ({
  page,
  mock,
}) => {
  await breakTheRest(page, "@ansdev/player");
  expect(await create(page, mock.access)).toBe("UNSUPPORTED");
  const worker = await WorkerRealm.of(page);
  await expect.poll(() => wasmResidue(worker, mock.apiKey)).toEqual(WIPED);
  for (const realm of [await PageRealm.of(page), worker]) expect(await isOnHeap(realm, mock.apiKey)).toBe(false);
});

/** What `destroy()` may come across, and what a script has broken of it. */
const BROKEN = [
  "AbortController.prototype.abort",
  "Array.prototype[Symbol.iterator]",
  "Set.prototype[Symbol.iterator]",
  "Map.prototype.values",
  "Map.prototype.delete",
  "Set.prototype.delete",
  "window.setTimeout",
  "window.clearTimeout",
  "EventTarget.prototype.dispatchEvent",
];

/** Runs code in the page while a function of the platform throws. */
async function whileBroken(page: Page, broken: string, code: string): Promise<void> {
  await page.evaluate(`(async () => {
    const intact = ${broken};
    ${broken} = () => { throw new Error("broken"); };
    try { await (${code})(); } catch {} finally { ${broken} = intact; }
  })()`);
}

test("memory: destroy() leaves nothing of the key, whatever a script has broken", async ({ page, mock, site }) => {
  for (const broken of BROKEN) {
    await page.goto(site.page("blank.html"));
    expect(await create(page, mock.access)).toBe("created");
    expect(await mint(page, "vid_clear")).toBe("minted");
    const worker = await WorkerRealm.of(page);
    expect(await wasmResidue(worker, mock.apiKey)).toEqual(HELD);
    await whileBroken(page, broken, "() => { client.destroy(); }");
    await expect.poll(async () => wasmResidue(worker, mock.apiKey), broken).toEqual(WIPED);
  }
});

test("memory: a start that a script breaks twice leaves nothing of the key", async ({ page, mock }) => {
  await breakTheRest(page, "@ansdev/player");
  await page.evaluate(() => {
    Map.prototype.values = () => {
      throw new Error("broken too");
    };
  });
  expect(await create(page, mock.access)).toBe("UNSUPPORTED");
  const worker = await WorkerRealm.of(page);
  await expect.poll(() => wasmResidue(worker, mock.apiKey)).toEqual(WIPED);
});

test("is found: a key that goes last when a client is destroyed", async ({ page, mock, site }) => {
  const late = 'this.#connection?.post({ type: "destroy" });\n    this.#end(reason);';
  const entry = await serveLeaky(site, [
    { file: "client/remote.ts", from: late, to: 'this.#end(reason); this.#connection?.post({ type: "destroy" });' },
  ]);
  expect(await create(page, mock.access, site.url + entry)).toBe("created");
  await whileBroken(page, "Array.prototype[Symbol.iterator]", "() => { client.destroy(); }");
  expect(await wasmResidue(await WorkerRealm.of(page), mock.apiKey)).toEqual(HELD);
});

test("is found: a Worker that goes on after a start that was broken", async ({ page, mock, site }) => {
  const entry = await serveLeaky(site, [{ file: "client/create-client.ts", from: "remote.destroy();", to: "" }]);
  await breakTheRest(page, site.url + entry);
  expect(await create(page, mock.access, site.url + entry)).toBe("UNSUPPORTED");
  expect(await wasmResidue(await WorkerRealm.of(page), mock.apiKey)).toEqual(HELD);
});

test("is found: a destroy that does not reach the core", async ({ page, mock, site }) => {
  const entry = await serveLeaky(site, [{ file: "worker/dispatcher.ts", from: "this.#core?.destroy();", to: "" }]);
  expect(await create(page, mock.access, site.url + entry)).toBe("created");
  const worker = await WorkerRealm.of(page);
  await destroy(page);
  expect(await wasmResidue(worker, mock.apiKey)).toEqual(HELD);
});

test("heap snapshots of page and Worker: nothing, at any time", async ({ page, mock }) => {
  expect(await create(page, mock.access)).toBe("created");
  const realms = [await PageRealm.of(page), await WorkerRealm.of(page)];
  const traces = async () => {
    const found = [];
    for (const realm of realms) found.push(await isOnHeap(realm, mock.apiKey));
    return found;
  };
  expect(await traces()).toEqual([false, false]);
  await mint(page, "vid_clear");
  await mint(page, "vid_in_the_making");
  expect(await traces()).toEqual([false, false]);
  await mock.revoke(mock.apiKey);
  await mint(page, "vid_single_key");
  await destroy(page);
  expect(await traces()).toEqual([false, false]);

  // Positive control: a text that only a closure holds. Written as numbers, so that it is not the script that is found.
  const keep = `{
    const text = String.fromCharCode(${Array.from(mock.apiKey, (letter) => letter.charCodeAt(0)).join()});
    addEventListener("never", () => console.log(text));
  }`;
  for (const realm of realms) await realm.run(keep);
  expect(await traces()).toEqual([true, true]);
});

test("is found: a key that a closure keeps", async ({ page, mock, site }) => {
  const entry = await serveLeaky(site, [
    { file: "client/create-client.ts", from: "let warned = false;", to: "let warned = false; let kept: unknown;" },
    {
      file: "client/create-client.ts",
      from: "const { isolation } = connection;",
      to: "kept = [settings, kept]; const { isolation } = connection;",
    },
  ]);
  expect(await create(page, mock.access, site.url + entry)).toBe("created");
  expect(await isOnHeap(await PageRealm.of(page), mock.apiKey)).toBe(true);
});

/** Has scripts that run before the SDK keep the key's bytes in page and Worker; those can (SECURITY.md). */
async function keepBytes(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message: { key?: Uint8Array }, ...rest: unknown[]) {
      if (message.key) Object.assign(window, { sent: message.key, copy: message.key.slice() });
      postMessage.call(this, message, ...(rest as []));
    };
    const listener = `addEventListener("message", ({ data }) => {
      if (data.key) Object.assign(self, { received: data.key, copy: data.key.slice() });
    });`;
    window.Blob = class extends Blob {
      constructor(parts: BlobPart[] = [], options: BlobPropertyBag = {}) {
        super([listener, ...parts], options);
      }
    };
  });
}

test("the bytes of the first message: the page's are gone, the Worker's are zeros", async ({ page, mock, site }) => {
  await keepBytes(page);
  await page.goto(site.page("blank.html"));
  expect(await create(page, mock.access)).toBe("created");
  const inPage = await page.evaluate(() => {
    const { sent, copy } = window as unknown as Record<"sent" | "copy", Uint8Array>;
    return { left: sent.length, seen: new TextDecoder().decode(copy) };
  });
  expect(inPage).toEqual({ left: 0, seen: mock.apiKey });
  const inWorker = await page.workers()[0]?.evaluate(() => {
    const { received, copy } = self as unknown as Record<"received" | "copy", Uint8Array>;
    return { left: [...received], seen: new TextDecoder().decode(copy) };
  });
  expect(inWorker).toEqual({ left: Array(mock.apiKey.length).fill(0), seen: mock.apiKey });
});

test("is found: bytes that the Worker does not overwrite", async ({ page, mock, site }) => {
  await keepBytes(page);
  const entry = await serveLeaky(site, [{ file: "worker/dispatcher.ts", from: "key?.fill(0);", to: "" }]);
  await page.goto(site.page("blank.html"));
  expect(await create(page, mock.access, site.url + entry)).toBe("created");
  const left = await page.workers()[0]?.evaluate(() => [...(self as unknown as { received: Uint8Array }).received]);
  expect(String.fromCharCode(...(left ?? []))).toBe(mock.apiKey);
});
