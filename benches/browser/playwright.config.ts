import { defineConfig } from "@playwright/test";

import tests from "../../tests/browser/playwright.config.ts";

/** The browser of the tests; one bench at a time, and no repeats: what fails here is a bench that is broken. */
export default defineConfig({
  ...tests,
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../../test-results/benches",
  workers: 1,
  timeout: 300_000,
});
