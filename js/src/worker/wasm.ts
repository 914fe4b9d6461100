import { version, wasmIntegrity } from "ansdev:build";

import { type AnsdevError, unsupported } from "../protocol/errors.js";

/** Where the core's WebAssembly is: in a text, or at an address. Never in a message. */
export type WasmSource = { kind: "text"; text: string } | { kind: "url"; url: string };

/**
 * Compiles the core.
 *
 * @throws {@link AnsdevError} `UNSUPPORTED`, which says what stood in the way and what to change.
 */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === "undefined") {
    throw unsupported(
      "This browser has no WebAssembly. iOS turns it off in Lockdown Mode: exclude the site from it, in the " +
        "website's settings, or use another browser",
    );
  }
  const bytes = source.kind === "text" ? decode(source.text) : await fetchWasm(source.url);
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw unsupported(
      `The WebAssembly module could not be compiled (${String(cause)}). If the page has a Content-Security-Policy, ` +
        "its script-src needs 'wasm-unsafe-eval'",
      { cause },
    );
  }
}

/** The bytes at an address, where they are those of this very build; only such are ever compiled. */
async function fetchWasm(url: string): Promise<ArrayBuffer> {
  try {
    const init: RequestInit & { __proto__: null } = { __proto__: null, integrity: wasmIntegrity };
    return await (await fetch(url, init)).arrayBuffer();
  } catch {
    // It says "Failed to fetch", whatever the reason was.
    throw await whyNotLoaded(url);
  }
}

/** Asks again, to find out what is wrong with an address. What it answers is not used. */
async function whyNotLoaded(url: string): Promise<AnsdevError> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    return unsupported(
      `The WebAssembly module could not be loaded from ${url}. Check \`wasmUrl\`, the connect-src of the page's ` +
        "Content-Security-Policy, and CORS if it lies on another origin",
      { cause },
    );
  }
  response.body?.cancel().catch(() => undefined);
  if (!response.ok) {
    return unsupported(
      `The WebAssembly module was not found: ${url} answered ${String(response.status)}. Check \`wasmUrl\``,
    );
  }
  return unsupported(
    `${url} is not the ansdev-player.wasm of @ansdev/player ${version}. Check \`wasmUrl\`, and copy that file ` +
      "and worker.js again, both from node_modules/@ansdev/player/dist/",
  );
}

/** Reads what `asText` of scripts/bundle.mjs wrote: after `~` stands a byte less 128, after `}` one of these two. */
function decode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x7e) bytes[length++] = text.charCodeAt(++index) + 128;
    else bytes[length++] = code === 0x7d ? text.charCodeAt(++index) : code;
  }
  return bytes.subarray(0, length);
}
