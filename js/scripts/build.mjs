// Builds the npm package into dist/: bundles with esbuild, declarations with tsc.
// Needs target/wasm-bindgen/, which `cargo xtask build` makes before it calls this.
import { execFileSync } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";

import { build } from "esbuild";

import { bundled, bundleWorker, common, readWasm, root } from "./bundle.mjs";

const require = createRequire(import.meta.url);
const dist = join(root, "dist");
const wasm = await readWasm();

/** The modules of the package's `exports`. */
const ENTRIES = ["index", "slim", "element", "hls", "shaka", "videojs", "react", "player"];

/** In the script-tag build hls.js comes from the file beside the script. */
const globalHls = {
  name: "global-hls",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/load-hls\.js$/ }, () => ({ path: join(root, "src/element/load-hls.global.ts") }));
  },
};

async function buildModules(worker) {
  await build({
    ...common,
    entryPoints: ENTRIES.map((name) => `src/entries/${name}.ts`),
    format: "esm",
    splitting: true,
    chunkNames: "chunk-[hash]",
    external: ["hls.js", "custom-media-element", "media-chrome", "react"],
    outdir: dist,
    plugins: [bundled(wasm, worker)],
  });
}

/** Frameworks that render on a server look for it at the top; a bundle of several modules loses it. */
async function markClientOnly() {
  const file = join(dist, "react.js");
  await writeFile(file, `"use client";\n${await readFile(file, "utf8")}`);
}

async function buildGlobal(worker) {
  await build({
    ...common,
    entryPoints: ["src/entries/global.ts"],
    format: "iife",
    banner: { js: "/*! @ansdev/player, MIT OR Apache-2.0; with custom-media-element, (c) Mux, MIT */" },
    outfile: join(dist, "ansdev-player.global.js"),
    plugins: [bundled(wasm, worker), globalHls],
  });
}

async function copyHls() {
  const source = require.resolve("hls.js/dist/hls.light.min.mjs");
  const { version } = JSON.parse(await readFile(require.resolve("hls.js/package.json"), "utf8"));
  const code = (await readFile(source, "utf8")).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  const licence = (await readFile(join(dirname(source), "../LICENSE"), "utf8")).trim();
  await writeFile(join(dist, "hls.light.mjs"), `/*! hls.js ${version}\n\n${licence}\n*/\n${code}`);
}

async function writeDeclarations() {
  const all = join(dist, "declarations");
  const tsc = require.resolve("typescript/bin/tsc");
  const options = ["--noEmit", "false", "--emitDeclarationOnly", "--outDir", all];
  execFileSync(process.execPath, [tsc, "--project", root, ...options], { stdio: "inherit" });
  // Only what the entries reach: the rest is no business of the package's users.
  const wanted = ENTRIES.map((name) => `entries/${name}.d.ts`);
  for (const name of wanted) {
    const text = await readFile(join(all, name), "utf8");
    await mkdir(join(dist, "types", dirname(name)), { recursive: true });
    await writeFile(join(dist, "types", name), text);
    for (const [, path] of text.matchAll(/(?:from |import\()"(\.\.?\/[\w./-]+)\.js"/g)) {
      const other = posix.join(dirname(name), `${path}.d.ts`);
      if (!wanted.includes(other)) wanted.push(other);
    }
  }
  await rm(all, { recursive: true });
}

/** The repository's own, for whoever reads the package on npm. */
async function copyTexts() {
  for (const name of ["README.md", "LICENSE-APACHE", "LICENSE-MIT"]) {
    await copyFile(join(root, "..", name), join(root, name));
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const worker = await bundleWorker([bundled(wasm)]);
await writeFile(join(dist, "worker.js"), worker);
await writeFile(join(dist, "ansdev-player.wasm"), wasm);
await Promise.all([buildModules(worker), buildGlobal(worker), copyHls(), copyTexts()]);
await markClientOnly();
await writeDeclarations();
