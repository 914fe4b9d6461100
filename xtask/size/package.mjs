// Prints how large the files of the built package are, and what a page loads of it in each of its forms. Fails where a
// file for browsers has a byte of what only servers need, or the other way round.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

import { sizeOf } from "./files.mjs";

const DIST = "js/dist";

/** What one page loads for `createClient` and `<ansdev-video>`: a script of its own, and files as they are. */
const LOADS = {
  wasm: { files: ["ansdev-player.wasm"] },
  slim: {
    script: "export { createClient } from '@ansdev/player/slim'; import '@ansdev/player/element';",
    files: ["worker.js", "ansdev-player.wasm"],
  },
  inline: { script: "export { createClient } from '@ansdev/player'; import '@ansdev/player/element';", files: [] },
  "script-tag-with-hls-light": { files: ["ansdev-player.global.js", "hls.light.js"] },
  // No page loads it: what a server imports.
  server: { files: ["server.js"] },
};

/** Bundles a script as a page's author would: the entry and the chunks that it imports statically, without lazy ones. */
async function bundle(script) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: script, resolveDir: process.cwd(), sourcefile: "page.js" },
    bundle: true,
    format: "esm",
    metafile: true,
    minify: true,
    outdir: "target/page-load",
    splitting: true,
    target: "es2022",
    logLevel: "error",
    write: false,
  });
  const paths = Object.keys(metafile.outputs);
  const loaded = new Set();
  const load = (path) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { kind, path: next } of metafile.outputs[path].imports) if (kind === "import-statement") load(next);
  };
  load(paths.find((path) => metafile.outputs[path].entryPoint === "page.js"));
  return outputFiles
    .filter(({ path }) => [...loaded].some((name) => path.endsWith(name)))
    .map(({ contents }) => contents);
}

/** Compares the sources that each file is made of, which `js/scripts/build.mjs` writes down. */
function checkSources(files) {
  const inputs = JSON.parse(readFileSync("target/npm-inputs.json"));
  // Not made of modules, or in another file as a whole.
  const whole = ["worker.js", "hls.light.js", "player.global.js", "ansdev-player.wasm"];
  const isServers = (source) => source.startsWith("src/server/") || source === "src/entries/server.ts";
  const common = "src/protocol/errors.ts";
  for (const file of files.filter((file) => !whole.includes(file))) {
    const sources = inputs[file];
    if (sources === undefined) throw new Error(`it is not known what ${file} is made of; build it again`);
    const isOwn = (source) => (file === "server.js" ? isServers(source) || source === common : !isServers(source));
    const foreign = sources.find((source) => !isOwn(source));
    if (foreign !== undefined) throw new Error(`${file} has bytes of ${foreign}, which is the other side's`);
  }
  if (!inputs["server.js"].some(isServers)) throw new Error("server.js has none of its sources");
}

const names = readdirSync(DIST).filter((name) => /\.(?:m?js|wasm)$/.test(name));
checkSources(names);
const files = Object.fromEntries(names.map((name) => [`${DIST}/${name}`, sizeOf(readFileSync(join(DIST, name)))]));
const loads = {};
for (const [name, load] of Object.entries(LOADS)) {
  const scripts = load.script === undefined ? [] : await bundle(load.script);
  // Each file is compressed by itself, as it travels.
  const parts = [...scripts, ...load.files.map((file) => readFileSync(join(DIST, file)))];
  loads[name] = parts.reduce((sum, part) => sum + sizeOf(part).brotli, 0);
}
console.log(JSON.stringify({ files, loads }));
