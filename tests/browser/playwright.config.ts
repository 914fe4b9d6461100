import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { defineConfig } from "@playwright/test";

/** The system's Chromium: the environment variable `CHROMIUM`, or the first of the usual names on the PATH. */
function chromium(): string {
  if (process.env["CHROMIUM"]) return process.env["CHROMIUM"];
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
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
  throw new Error("No Chromium was found; install it (Debian: apt-get install chromium) or set CHROMIUM to its path");
}

export default defineConfig({
  testDir: "specs",
  outputDir: "../../test-results/browser",
  // Each test has a mock, a site and a page of its own. More than two videos at a time make a small machine stutter.
  workers: 2,
  timeout: 60_000,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: chromium(),
      args: [
        // Chromium has no sandbox for root, and containers run as root.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--autoplay-policy=no-user-gesture-required",
      ],
    },
  },
});
