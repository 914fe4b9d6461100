import { defineConfig } from "@playwright/test";

import type { EngineName } from "./support/engine.ts";

const KNOWN: EngineName[] = ["chromium", "firefox", "webkit"];
/** Which engines there are, by `cargo xtask test`; all, unless told. */
const engines = process.env["ENGINES"]?.split(",") ?? KNOWN;

export default defineConfig<object, { engine: EngineName }>({
  testDir: "specs",
  outputDir: "../../test-results/engines",
  workers: 3,
  timeout: 60_000,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"], ["./support/table.ts"]],
  projects: KNOWN.filter((name) => engines.includes(name)).map((engine) => ({
    name: engine,
    use: { engine },
    ...(engine === "webkit" && { grepInvert: /@not-in-webkitgtk/ }),
  })),
});
