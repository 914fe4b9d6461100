import { defineConfig } from "@playwright/test";

import base from "../browser/playwright.config.ts";

export default defineConfig(base, {
  testDir: "specs",
  outputDir: "../../test-results/mock",
});
