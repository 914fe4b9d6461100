// Bundles a page's script as its author would and writes what the page loads at once: the entry and the chunks that it
// imports statically. Lazy chunks, such as hls.js, are left out.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const [script, out] = process.argv.slice(1);
const { outputFiles, metafile } = await build({
  stdin: { contents: script, resolveDir: process.cwd(), sourcefile: "page.js" },
  bundle: true,
  format: "esm",
  metafile: true,
  minify: true,
  outdir: out,
  splitting: true,
  target: "es2022",
  write: false,
});

const loaded = new Set();
const load = (file) => {
  if (loaded.has(file)) return;
  loaded.add(file);
  for (const { kind, path } of metafile.outputs[file].imports) if (kind === "import-statement") load(path);
};
load(Object.keys(metafile.outputs).find((file) => metafile.outputs[file].entryPoint === "page.js"));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const files = [...loaded].map((file) => join(out, basename(file)));
for (const { path, contents } of outputFiles) if (files.includes(path)) writeFileSync(path, contents);
console.log(JSON.stringify(files));
