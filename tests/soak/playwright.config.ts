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
  use: {
    ...tests.use,
    // What V8 notes and compiles for code that runs often takes the longer the more memory, and is nobody's leak: nothing
    // is compiled, and everything is noted from the first call on.
    launchOptions: {
      ...options,
      args: [...args, "--js-flags=--no-opt,--no-maglev,--no-sparkplug,--no-lazy-feedback-allocation"],
    },
  },
});
