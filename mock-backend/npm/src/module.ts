// The compiled WebAssembly, which all mocks of a process share.

let compiled: Promise<WebAssembly.Module> | undefined;

/** Reads and compiles it, once. */
export function mockModule(): Promise<WebAssembly.Module> {
  compiled ??= compile(new URL("./mock-backend.wasm", import.meta.url));
  // The next one may try again.
  compiled.catch(() => (compiled = undefined));
  return compiled;
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === "file:") {
    // Node's fetch reads no files. Bundlers for browsers must not look for this module.
    const fs = "node:fs/promises";
    const { readFile } = (await import(/* @vite-ignore */ fs)) as typeof import("node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href} answers ${response.status}; expected the mock's WebAssembly`);
  return WebAssembly.compile(await response.arrayBuffer());
}
