// How the package's scripts are bundled: by build.mjs for dist/, and by the tests that take a defence out and see whether
// the attack on it succeeds.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const require = createRequire(import.meta.url);

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

/** What stands for the version in the Worker's script until its hash, which is a part of the version, is known. */
const UNKNOWN = "(the version of this build)";

/** A hash as `integrity` attributes have it (W3C Subresource Integrity). */
export function integrityOf(bytes) {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}

/**
 * What every script of one build has in common.
 *
 * @param plugins - Changes to the sources, of tests.
 */
export async function prepare(plugins = []) {
  const wasm = await readFile(join(glue, "ansdev_player_bg.wasm"));
  const hls = await readHls();
  const player = await bundlePlayer();
  const integrity = {
    wasmIntegrity: integrityOf(wasm),
    hlsIntegrity: integrityOf(hls),
    playerIntegrity: integrityOf(player),
  };
  const parts = { wasm, version: UNKNOWN, hls, player, ...integrity };
  const unnamed = await bundleWorker([...plugins, bundled(parts)]);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const build = `${version}+${createHash("sha256").update(unnamed).digest("hex").slice(0, 8)}`;
  return { ...parts, version: build, worker: unnamed.replaceAll(UNKNOWN, build) };
}

/** The modules of src/bundled.d.ts. */
export function bundled({ wasm, version, wasmIntegrity, hlsIntegrity, playerIntegrity, worker }) {
  return {
    name: "bundled",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^ansdev:core$/ }, () => ({ path: join(glue, "ansdev_player.js") }));
      onResolve({ filter: /^ansdev:(build|wasm|worker)$/ }, ({ path }) => ({ path, namespace: "bundled" }));
      onLoad({ filter: /build/, namespace: "bundled" }, () => ({
        contents: Object.entries({ version, wasmIntegrity, hlsIntegrity, playerIntegrity })
          .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
          .join("\n"),
      }));
      onLoad({ filter: /wasm/, namespace: "bundled" }, () => ({ contents: asText(wasm), loader: "text" }));
      onLoad({ filter: /worker/, namespace: "bundled" }, () => ({ contents: worker, loader: "text" }));
    },
  };
}

/** The Worker's script: a plain one, so that it starts as a classic Worker from a blob in every browser. */
async function bundleWorker(plugins) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ["src/worker/main.ts"],
    format: "iife",
    plugins,
    write: false,
  });
  return outputFiles[0].text;
}

/** `<ansdev-player>` and its controls as one plain script, around the `<ansdev-video>` of the script tag that loads it. */
async function bundlePlayer() {
  const video = {
    name: "video-of-script-tag",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /element\/video-element\.js$/ }, ({ path }) => ({ path, namespace: "script-tag" }));
      onLoad({ filter: /./, namespace: "script-tag" }, () => ({
        contents: "export const { AnsdevVideoElement } = Ansdev; export const defineVideoElement = () => undefined;",
      }));
    },
  };
  const { outputFiles } = await build({
    ...common,
    entryPoints: ["src/entries/player.global.ts"],
    format: "iife",
    banner: { js: "/*! @ansdev/player, MIT OR Apache-2.0; with media-chrome, (c) Mux, MIT */" },
    plugins: [video],
    write: false,
  });
  return Buffer.from(outputFiles[0].contents);
}

/**
 * hls.js's light build for pages without a bundler, which has the script of its own Worker inside. It hands over its
 * class under a symbol: `Hls` may be taken by the page, and a page with a module loader of its own would never see it.
 */
async function readHls() {
  const source = require.resolve("hls.js/dist/hls.light.min.js");
  const { version } = JSON.parse(await readFile(require.resolve("hls.js/package.json"), "utf8"));
  const code = (await readFile(source, "utf8")).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
  const licence = (await readFile(join(dirname(source), "../LICENSE"), "utf8")).trim();
  return Buffer.from(
    `/*! hls.js ${version}\n\n${licence}\n*/\n(()=>{var exports={},module={exports};${code}\n` +
      `globalThis[Symbol.for("@ansdev/player/hls.light.js")]=module.exports})();\n`,
  );
}

/** In the script-tag build hls.js comes from the file beside the script. */
export const globalHls = {
  name: "global-hls",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/load-hls\.js$/ }, () => ({ path: join(root, "src/element/load-hls.global.ts") }));
  },
};
