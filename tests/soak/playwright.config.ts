import { defineConfig } from "@playwright/test";

import tests from "../browser/playwright.config.ts";

const { args = [], ...options } = tests.use?.launchOptions ?? {};

export default defineConfig({
  ...tests,
  testDir: ".",
  outputDir: "../../test-results/soak",
  // The short form, and beside it the one with a leak.
  workers: 2,
  fullyParallel: true,
  timeout: 0,
  retries: 0,
  use: {
    ...tests.use,
    // Interpreted: V8 compiles what runs often, which takes the longer the more memory, and is nobody's leak.
    launchOptions: {
      ...options,
      args: [...args, "--js-flags=--no-opt,--no-maglev,--no-sparkplug"],
    },
  },
});
