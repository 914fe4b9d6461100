// How the package's scripts are bundled: by build.mjs for dist/, and by the tests that take a defence out and see whether
// the attack on it succeeds.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** What `cargo xtask build` makes of the Rust sources. */
const glue = resolve(root, "../target/wasm-bindgen");

/** What wasm-opt has called the module's imports and exports, by the names that wasm-bindgen's glue has for them. */
const names = await readFile(join(glue, "names.json"), "utf8").then(
  (text) => {
    const { imports, exports } = JSON.parse(text);
    return Object.fromEntries([
      ...imports.flatMap(([module, name, to]) => [
        [module, "a"],
        [name, to],
      ]),
      ...exports,
    ]);
  },
  () => {
    throw new Error("target/wasm-bindgen/ is missing; run `cargo xtask build`");
  },
);

/** @type {import("esbuild").BuildOptions} */
export const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  // Private fields stay native: the WeakMaps that older targets get instead can be patched and read by any script.
  target: "es2022",
  legalComments: "eof",
  mangleProps: new RegExp(
    `^(?:${Object.keys(names)
      .map((name) => name.replace(/[./]/g, "\\$&"))
      .join("|")})$`,
  ),
  mangleQuoted: true,
  mangleCache: names,
  logLevel: "warning",
};

/** The core's WebAssembly. */
export async function readWasm() {
  return readFile(join(glue, "ansdev_player_bg.wasm"));
}

/**
 * Bytes as a text that src/worker/wasm.ts reads: a character for each, and for those beyond ASCII two, so that no minifier and no
 * page's character set can spoil it. Brotli finds in it what it finds in the bytes; base64, which shifts them against each
 * other, is a quarter larger on the wire.
 */
function asText(bytes) {
  const beyond = (character) => `~${String.fromCharCode(character.charCodeAt(0) - 128)}`;
  return bytes
    .toString("latin1")
    .replace(/[~}]|[^\0-\x7f]/g, (character) => (character < "\x80" ? `}${character}` : beyond(character)));
}

/** The modules of src/bundled.d.ts. */
export function bundled(wasm, worker) {
  return {
    name: "bundled",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^ansdev:core$/ }, () => ({ path: join(glue, "ansdev_player.js") }));
      onResolve({ filter: /^ansdev:(wasm|worker)$/ }, ({ path }) => ({ path, namespace: "bundled" }));
      onLoad({ filter: /wasm/, namespace: "bundled" }, () => ({ contents: asText(wasm), loader: "text" }));
      onLoad({ filter: /worker/, namespace: "bundled" }, () => ({ contents: worker, loader: "text" }));
    },
  };
}

/** The Worker's script: a plain one, so that it starts as a classic Worker from a blob in every browser. */
export async function bundleWorker(plugins) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ["src/worker/main.ts"],
    format: "iife",
    plugins,
    write: false,
  });
  return outputFiles[0].contents;
}
