import { defineConfig } from "@playwright/test";

import base from "../browser/playwright.config.ts";

export default defineConfig(base, {
  testDir: "specs",
  outputDir: "../../test-results/environments",
  globalSetup: "./support/unpack.ts",
  // A test runner or a bundler at work, and a film beside it.
  workers: 1,
});
