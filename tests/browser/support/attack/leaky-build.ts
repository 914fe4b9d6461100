import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { build, type Plugin } from "esbuild";

import { bundled, common, globalHls, prepare, root } from "../../../../js/scripts/bundle.mjs";
import type { Site } from "../site.ts";

/** A change to one file below `js/src`, or to the generated glue; a defence taken out, or a leak put in, is one or two of them. */
export interface Change {
  file: string;
  from: string;
  to: string;
}

const GLUE = "ansdev_player.js";

/** Bundles the package with the changes, and serves its default entry. Resolves to the address to import. */
export async function serveLeaky(site: Site, changes: readonly Change[]): Promise<string> {
  return serve(site, "/leaky.js", "index", changes);
}

/** The same for the script tag. */
export async function serveLeakyTag(site: Site, changes: readonly Change[]): Promise<string> {
  return serve(site, "/leaky.global.js", "global", changes);
}

/** The same for a page with the elements: its one module has what the entries export, and defines both. */
export async function serveBrokenElements(site: Site, path: string, changes: readonly Change[]): Promise<string> {
  const broken = pluginOf(changes);
  const entries = ["index", "element", "player"].map((name) => `export * from "./src/entries/${name}.ts";`);
  const { outputFiles } = await build({
    ...common,
    stdin: { contents: entries.join("\n"), resolveDir: root, sourcefile: "elements.ts" },
    format: "esm",
    external: ["hls.js", "custom-media-element", "media-chrome"],
    plugins: [broken, bundled(await prepare([broken]))],
    write: false,
  });
  site.route(path, (_request, response) => {
    const headers = { "content-type": "text/javascript", "access-control-allow-origin": "*" };
    response.writeHead(200, headers).end(outputFiles[0]?.contents);
  });
  return path;
}

async function serve(site: Site, path: string, entry: string, changes: readonly Change[]): Promise<string> {
  const leak = pluginOf(changes);
  const parts = await prepare([leak]);
  const { outputFiles } = await build({
    ...common,
    entryPoints: [`src/entries/${entry}.ts`],
    format: entry === "global" ? "iife" : "esm",
    plugins: [...(entry === "global" ? [globalHls] : []), leak, bundled(parts)],
    write: false,
  });
  site.route(path, (_request, response) => {
    // Kept: a sweep loads it many times.
    const headers = { "content-type": "text/javascript", "cache-control": "max-age=3600" };
    response.writeHead(200, headers).end(outputFiles[0]?.contents);
  });
  return path;
}

/** One plugin for all changes, because esbuild asks only the first that knows a file. */
function pluginOf(changes: readonly Change[]): Plugin {
  return {
    name: "leak",
    setup(plugin) {
      plugin.onLoad({ filter: /[\\/]js[\\/]src[\\/].*\.ts$|[\\/]ansdev_player\.js$/ }, async ({ path }) => {
        const mine = changes.filter(({ file }) => file === nameOf(path));
        if (mine.length === 0) return undefined;
        return { contents: mine.reduce(changed, await readFile(path, "utf8")), loader: "ts" as const };
      });
    },
  };
}

/** A source's path below `js/src`; the glue's name. */
function nameOf(path: string): string {
  return path.endsWith(GLUE) ? GLUE : relative(join(root, "src"), path).split(sep).join("/");
}

function changed(source: string, { file, from, to }: Change): string {
  const parts = source.split(from);
  if (parts.length === 2) return parts.join(to);
  throw new Error(`${file} has ${from} ${String(parts.length - 1)} times; expected once. Mend the leak`);
}
