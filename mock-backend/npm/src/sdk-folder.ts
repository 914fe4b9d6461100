// The built SDK, which the hosted player and the demo page load.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Reads files of a folder; the core has checked that no path leads out of it. */
export function filesOf(folder: string | undefined): (path: string) => Uint8Array | undefined {
  return (path) => {
    if (folder === undefined) return undefined;
    const file = join(folder, path);
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : undefined;
  };
}

/** Where `@ansdev/player` is installed, beside the project that runs the mock or beside the mock. */
export function installedSdk(): string | undefined {
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    try {
      return join(dirname(createRequire(from).resolve("@ansdev/player/package.json")), "dist");
    } catch {
      // Not there: the pages say so.
    }
  }
  return undefined;
}
