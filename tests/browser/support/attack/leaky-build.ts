import { readFile } from "node:fs/promises";

import { build, type Plugin } from "esbuild";

import { bundled, bundleWorker, common, readWasm } from "../../../../js/scripts/bundle.mjs";
import type { Site } from "../site.ts";

/** A change to one file of `js/src`; a defence taken out, or a leak put in, is one or two of them. */
export interface Change {
  file: string;
  from: string;
  to: string;
}

/** Bundles the package with the changes, and serves its default entry. Resolves to the address to import. */
export async function serveLeaky(site: Site, changes: readonly Change[]): Promise<string> {
  const changed = changes.map(pluginOf);
  const wasm = await readWasm();
  const worker = await bundleWorker([...changed, bundled(wasm)]);
  const { outputFiles } = await build({
    ...common,
    entryPoints: ["src/index.ts"],
    format: "esm",
    plugins: [...changed, bundled(wasm, worker)],
    write: false,
  });
  site.route("/leaky.js", (_request, response) => {
    response.writeHead(200, { "content-type": "text/javascript" }).end(outputFiles?.[0]?.contents);
  });
  return "/leaky.js";
}

function pluginOf({ file, from, to }: Change): Plugin {
  return {
    name: "leak",
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(`/js/src/${file.replace(".", "\\.")}$`) }, async ({ path }) => {
        const parts = (await readFile(path, "utf8")).split(from);
        if (parts.length !== 2) {
          throw new Error(`${file} has ${from} ${String(parts.length - 1)} times; expected once. Mend the leak`);
        }
        return { contents: parts.join(to), loader: "ts" };
      });
    },
  };
}
