import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The path of a program: what the environment variable names, or the first of these names on the PATH.
 *
 * @param advice - What to do where there is none, such as how to install it.
 */
export function findProgram(variable: string, names: string[], advice: string): string {
  const named = process.env[variable];
  if (named) return named;
  for (const name of names) {
    for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        continue;
      }
    }
  }
  throw new Error(`${names[0] ?? variable} is not on the PATH; ${advice}, or set ${variable} to its path`);
}

/** The system's Chromium. */
export function findChromium(): string {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return findProgram("CHROMIUM", names, "install it (Debian: apt-get install chromium)");
}
