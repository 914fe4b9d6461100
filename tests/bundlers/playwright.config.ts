import { defineConfig } from "@playwright/test";

import base from "../browser/playwright.config.ts";

export default defineConfig(base, {
  testDir: "specs",
  outputDir: "../../test-results/bundlers",
  globalSetup: "./support/unpack.ts",
  // A bundler at work and a film beside it: both want a core.
  workers: 1,
});
