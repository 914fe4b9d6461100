import { unsupported } from "../protocol/errors.js";
import type { WasmSource } from "../protocol/messages.js";

/**
 * Compiles the core.
 *
 * @throws {@link AnsdevError} `UNSUPPORTED`, which says what stood in the way and how to mend it.
 */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source.kind === "module") return source.module;
  const bytes =
    source.kind === "url" ? await fetchWasm(source.url) : source.kind === "bytes" ? source.bytes : decode(source.text);
  try {
    return await (bytes instanceof Response ? WebAssembly.compileStreaming(bytes) : WebAssembly.compile(bytes));
  } catch (cause) {
    throw unsupported(
      `The WebAssembly module could not be compiled (${String(cause)}). If the page has a Content-Security-Policy, ` +
        "its script-src needs 'wasm-unsafe-eval'; else `wasmUrl` is not this package's ansdev-player.wasm",
      { cause },
    );
  }
}

async function fetchWasm(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw unsupported(
      `The WebAssembly module could not be loaded from ${url}. Check \`wasmUrl\`, the connect-src of the page's ` +
        "Content-Security-Policy, and CORS if it lies on another origin",
      { cause },
    );
  }
  if (!response.ok) {
    throw unsupported(
      `The WebAssembly module was not found: ${url} answered ${String(response.status)}. Check \`wasmUrl\``,
    );
  }
  checkMediaType(response);
  return response;
}

/** Browsers refuse to compile while loading unless the media type is right; they do not say so clearly. */
export function checkMediaType(response: Response): void {
  const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/wasm") {
    throw unsupported(
      `The WebAssembly module is served with the media type ${type ?? "(none)"}; expected application/wasm. ` +
        "Set it for .wasm files on the server",
    );
  }
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
