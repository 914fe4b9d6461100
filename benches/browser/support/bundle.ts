import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import type { Site } from "../../../tests/browser/support/site.ts";

const OUT = "target/bench/pages";
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Bundles a script of `pages/` as its author would, and serves a page with it. Gives back the page's path. */
export async function servePage(site: Site, name: string, options: { preload?: string } = {}): Promise<string> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`benches/browser/pages/${name}.js`],
    bundle: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    logLevel: "error",
    metafile: true,
    minify: true,
    outdir: OUT,
    splitting: true,
    target: "es2022",
    // The built package, where the type checker looks at its sources.
    tsconfigRaw: {},
  });
  site.folder("/bundled/", OUT);
  // The chunk that holds a module, which the page asks for before its script does.
  const chunks = Object.entries(metafile.outputs)
    .filter(([, { inputs }]) => Object.keys(inputs).some((input) => options.preload && input.includes(options.preload)))
    .map(([file]) => `<link rel="modulepreload" href="/bundled/${basename(file)}">`);
  const path = join("bench", `${name}${chunks.length > 0 ? "-hinted" : ""}.html`);
  site.route(`/${path}`, (_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">
${chunks.join("\n")}<script type="module" src="/bundled/${name}.js"></script></head><body></body></html>`,
    );
  });
  return path;
}
