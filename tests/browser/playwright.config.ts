import { defineConfig } from "@playwright/test";

import { findChromium } from "./support/program.ts";

export default defineConfig({
  testDir: "specs",
  outputDir: "../../test-results/browser",
  // Each test has a mock, a site and a page of its own. More than two videos at a time make a small machine stutter.
  workers: 2,
  timeout: 120_000,
  // A busy machine takes its time.
  expect: { timeout: 30_000 },
  // A machine that stalls for seconds fails a test now and then; `cargo xtask test` names what needed a retry.
  retries: 1,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: findChromium(),
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
