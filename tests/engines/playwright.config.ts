import { defineConfig } from "@playwright/test";

import type { EngineName } from "./support/engine.ts";

const KNOWN: EngineName[] = ["chromium", "firefox", "webkit"];
/** Which engines there are, by `cargo xtask test`; all, unless told. */
const engines = process.env["ENGINES"]?.split(",") ?? KNOWN;

export default defineConfig<object, { engine: EngineName }>({
  testDir: "specs",
  outputDir: "../../test-results/engines",
  // Most of the time a test waits: for a token to end, for a pause between two tries.
  workers: 4,
  timeout: 120_000,
  // A busy machine takes its time.
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"], ["./support/table.ts"]],
  projects: KNOWN.filter((name) => engines.includes(name)).map((engine) => ({
    name: engine,
    use: { engine },
    // On a busy machine WebKitGTK's GStreamer now and then never begins to play, whatever the page does.
    // Firefox before 155 keeps a failed `import()` until the page is reloaded (whatwg/html#10327).
    ...(engine === "firefox" && { grepInvert: /@not-in-firefox-esr/ }),
    ...(engine === "webkit" && { grepInvert: /@not-in-webkitgtk/, workers: 2, retries: 2 }),
  })),
});
