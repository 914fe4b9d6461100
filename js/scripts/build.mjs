// Builds the npm package into dist/: bundles with esbuild, declarations with tsc.
// Needs target/wasm-bindgen/, which `cargo xtask build` makes before it calls this.
import { execFileSync } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, posix } from "node:path";

import { build } from "esbuild";

import { manifest } from "./manifest.mjs";
import { bundled, common, globalHls, integrityOf, prepare, root } from "./bundle.mjs";

const require = createRequire(import.meta.url);
const dist = join(root, "dist");
const parts = await prepare();

/** The modules of the package's `exports` that browsers load. */
const ENTRIES = ["index", "slim", "element", "hls", "shaka", "videojs", "react", "vue", "player"];
/** Not for the package: they keep what they have in common in chunks, so that a page gets only the component that it uses. */
const COMPONENTS = ["react/video", "react/player", "vue/video", "vue/player"];
/** The one for servers, which shares no chunk with them. */
const SERVER = "server";

/** Those that define elements, and are imported for that. */
const EFFECTS = ["element", "player"];

/** What a page may load as it is, without a bundler that would change it. */
const LOADED = ["ansdev-player.global.js", "player.global.js", "hls.light.js", "worker.js", "ansdev-player.wasm"];

/** The platform's functions are taken in a file of their own, which everything else imports. */
const natives = {
  name: "natives",
  setup({ onResolve }) {
    onResolve({ filter: /\/natives\.js$/ }, () => ({ path: "./natives.js", external: true, sideEffects: true }));
  },
};

async function buildNatives() {
  return build({
    ...common,
    metafile: true,
    entryPoints: ["src/platform/natives.ts"],
    format: "esm",
    outdir: dist,
  });
}

/** What runs in the page where there is no Worker: loaded when it is needed, with copies of the little that it shares. */
const apart = {
  name: "apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/dispatcher\.js$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./dispatcher.js", external: true } : undefined,
    );
  },
};

async function buildDispatcher() {
  return build({
    ...common,
    metafile: true,
    entryPoints: ["src/worker/dispatcher.ts"],
    format: "esm",
    outdir: dist,
    plugins: [bundled(parts)],
  });
}

async function buildModules() {
  return build({
    ...common,
    metafile: true,
    entryPoints: [...ENTRIES.map((name) => `entries/${name}`), ...COMPONENTS].map((name) => ({
      in: `src/${name}.ts`,
      out: name.replace("entries/", ""),
    })),
    format: "esm",
    splitting: true,
    chunkNames: "chunk-[hash]",
    external: ["hls.js", "custom-media-element", "media-chrome", "react", "vue"],
    outdir: dist,
    // Ahead of all other imports, which esbuild orders as it likes.
    banner: { js: 'import "./natives.js";' },
    plugins: [natives, apart, bundled(parts)],
  });
}

/** Frameworks that render on a server look for it at the top; a bundle of several modules loses it. */
async function markClientOnly() {
  const file = join(dist, "react.js");
  await writeFile(file, `"use client";\n${await readFile(file, "utf8")}`);
}

async function buildServer() {
  return build({
    ...common,
    metafile: true,
    entryPoints: [`src/entries/${SERVER}.ts`],
    format: "esm",
    outdir: dist,
  });
}

/** Which sources each file is made of: the size test sees that browsers get none of the server's. */
async function writeInputs(builds) {
  const outputs = builds
    .flatMap(({ metafile }) => Object.entries(metafile.outputs))
    .filter(([file]) => !COMPONENTS.some((name) => file.endsWith(`${name}.js`)));
  const inputs = outputs.map(([file, { inputs }]) => [
    basename(file),
    Object.keys(inputs).filter((source) => inputs[source].bytesInOutput > 0),
  ]);
  await writeFile(join(root, "../target/npm-inputs.json"), JSON.stringify(Object.fromEntries(inputs), null, 2));
}

async function buildGlobal() {
  return build({
    ...common,
    metafile: true,
    entryPoints: ["src/entries/global.ts"],
    format: "iife",
    banner: { js: "/*! @ansdev/player, MIT OR Apache-2.0; with custom-media-element, (c) Mux, MIT */" },
    outfile: join(dist, "ansdev-player.global.js"),
    plugins: [globalHls, bundled(parts)],
  });
}

/** Hashes for the `integrity` attributes of pages. */
async function writeIntegrity() {
  const files = {};
  for (const name of LOADED) files[name] = integrityOf(await readFile(join(dist, name)));
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  await writeFile(join(dist, "integrity.json"), `${JSON.stringify({ version, files }, undefined, 2)}\n`);
}

async function writeDeclarations() {
  const all = join(dist, "declarations");
  const tsc = require.resolve("typescript/bin/tsc");
  const options = ["--noEmit", "false", "--emitDeclarationOnly", "--outDir", all];
  execFileSync(process.execPath, [tsc, "--project", root, ...options], { stdio: "inherit" });
  // Only what the entries reach: the rest is no business of the package's users.
  const wanted = [...ENTRIES, SERVER].map((name) => `entries/${name}.d.ts`);
  for (const name of wanted) {
    // What is imported for its effect has no types.
    const text = (await readFile(join(all, name), "utf8")).replace(/^import "[^"]*";\n/gm, "");
    await mkdir(join(dist, "types", dirname(name)), { recursive: true });
    await writeFile(join(dist, "types", name), text);
    for (const [, path] of text.matchAll(/(?:from |import\()"(\.\.?\/[\w./-]+)\.js"/g)) {
      const other = posix.join(dirname(name), `${path}.d.ts`);
      if (!wanted.includes(other)) wanted.push(other);
    }
  }
  await rm(all, { recursive: true });
}

/**
 * A folder for each entry, for what knows no `exports`: Parcel without its option, and TypeScript's `node10`. Those that do
 * know `exports` never look into them.
 */
async function writeFolders() {
  for (const name of [...ENTRIES, SERVER].filter((name) => name !== "index")) {
    const main = `../dist/${name}.js`;
    const about = { type: "module", main, module: main, types: `../dist/types/entries/${name}.d.ts` };
    await mkdir(join(root, name), { recursive: true });
    await writeFile(
      join(root, name, "package.json"),
      `${JSON.stringify({ ...about, sideEffects: EFFECTS.includes(name) }, undefined, 2)}\n`,
    );
  }
}

/** The repository's own, for whoever reads the package on npm: there README's links lead to the docs beside it, or online. */
async function copyTexts() {
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) await copyFile(join(root, "..", name), join(root, name));
  const { repository } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const online = `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/main/`;
  const readme = await readFile(join(root, "../README.md"), "utf8");
  const links = /\]\((?!https?:|#)(js\/docs\/)?/g;
  await writeFile(
    join(root, "README.md"),
    readme.replace(links, (_, docs) => `](${docs ? "docs/" : online}`),
  );
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await writeFile(join(dist, "worker.js"), parts.worker);
await writeFile(join(dist, "ansdev-player.wasm"), parts.wasm);
await writeFile(join(dist, "hls.light.js"), parts.hls);
await writeFile(join(dist, "player.global.js"), parts.player);
await writeInputs(await Promise.all([buildNatives(), buildDispatcher(), buildModules(), buildGlobal(), buildServer()]));
for (const name of ["react", "vue"]) await rm(join(dist, name), { recursive: true });
await copyTexts();
await markClientOnly();
await writeIntegrity();
await writeDeclarations();
await writeFolders();
await writeFile(join(dist, "custom-elements.json"), await manifest());
