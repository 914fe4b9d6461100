// Builds the npm package into dist/: bundles with esbuild, declarations with tsc.
// Needs target/mock-wasm-bindgen/, which `cargo xtask build` makes before it calls this.
import { execFileSync } from "node:child_process";
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const require = createRequire(import.meta.url);
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
/** What `cargo xtask build` makes of the Rust sources. */
const bindings = resolve(root, "../../target/mock-wasm-bindgen");

/** The modules of the package's `exports`, and its program. */
const ENTRIES = ["index", "fetch", "playwright", "cli"];

/** wasm-bindgen's glue holds one instance of the module; as a function it holds one for each call. */
async function buildGlue() {
  await build({
    absWorkingDir: root,
    entryPoints: [join(bindings, "ansdev_mock_backend.js")],
    outfile: join(dist, "glue.js"),
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "glue",
    target: "es2022",
    banner: { js: "export function newGlue() {" },
    footer: { js: "return glue; }" },
    logLevel: "warning",
  });
}

async function buildModules() {
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES.map((name) => `src/${name}.ts`),
    outdir: dist,
    bundle: true,
    splitting: true,
    chunkNames: "chunk-[hash]",
    format: "esm",
    platform: "neutral",
    external: ["node:*", "./glue.js"],
    target: "es2022",
    logLevel: "warning",
  });
  // A pipe's reader starts it by this name.
  await chmod(join(dist, "cli.js"), 0o755);
}

async function writeDeclarations() {
  const out = join(dist, "declarations");
  const tsc = require.resolve("typescript/bin/tsc");
  const options = ["--noEmit", "false", "--emitDeclarationOnly", "--outDir", out];
  execFileSync(process.execPath, [tsc, "--project", root, ...options], { stdio: "inherit" });
  // Only what the entries reach: the rest is no business of the package's users.
  const wanted = ENTRIES.filter((name) => name !== "cli").map((name) => `${name}.d.ts`);
  for (const name of wanted) {
    const from = name === "glue.d.ts" ? join(root, "src") : out;
    const text = await readFile(join(from, name), "utf8");
    await writeFile(join(dist, name), text);
    for (const [, path] of text.matchAll(/(?:from |import\()"\.\/([\w-]+)\.js"/g)) {
      if (!wanted.includes(`${path}.d.ts`)) wanted.push(`${path}.d.ts`);
    }
  }
  await rm(out, { recursive: true });
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await buildGlue();
await buildModules();
await copyFile(join(bindings, "ansdev_mock_backend_bg.wasm"), join(dist, "mock-backend.wasm"));
await writeDeclarations();
for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  await copyFile(resolve(root, "../..", name), join(root, name));
}
