// How the package's scripts are bundled: by build.mjs for dist/, and by the tests that take a defence out and see whether
// the attack on it succeeds.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** What `cargo xtask build` makes of the Rust sources. */
const glue = resolve(root, "../target/wasm-bindgen");

/** @type {import("esbuild").BuildOptions} */
export const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  // Private fields stay native: the WeakMaps that older targets get instead can be patched and read by any script.
  target: "es2022",
  legalComments: "eof",
  logLevel: "warning",
};

/** The core's WebAssembly. */
export async function readWasm() {
  return readFile(join(glue, "ansdev_player_bg.wasm")).catch(() => {
    throw new Error("target/wasm-bindgen/ is missing; run `cargo xtask build`");
  });
}

/** The modules of src/bundled.d.ts. */
export function bundled(wasm, worker) {
  return {
    name: "bundled",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^ansdev:core$/ }, () => ({ path: join(glue, "ansdev_player.js") }));
      onResolve({ filter: /^ansdev:(wasm|worker)$/ }, ({ path }) => ({ path, namespace: "bundled" }));
      onLoad({ filter: /wasm/, namespace: "bundled" }, () => ({ contents: wasm, loader: "base64" }));
      onLoad({ filter: /worker/, namespace: "bundled" }, () => ({ contents: worker, loader: "text" }));
    },
  };
}

/** The Worker's script: a plain one, so that it starts as a classic Worker from a blob in every browser. */
export async function bundleWorker(plugins) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ["src/worker.ts"],
    format: "iife",
    plugins,
    write: false,
  });
  return outputFiles[0].contents;
}
