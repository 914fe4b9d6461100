import { defineConfig } from "@playwright/test";

import type { EngineName } from "./support/engine.ts";

// WebKit first: its two workers run beside the other engines', and not when these are done.
const KNOWN: EngineName[] = ["webkit", "chromium", "firefox"];
/** Which engines there are, by `cargo xtask test`; all, unless told. */
const engines = process.env["ENGINES"]?.split(",") ?? KNOWN;

/** What each engine leaves out, by tag. */
const LEAVES_OUT: Record<EngineName, string[]> = {
  chromium: [],
  // Firefox before 155 keeps a failed `import()` until the page is reloaded (whatwg/html#10327).
  firefox: ["@not-in-firefox-esr"],
  webkit: ["@not-in-webkitgtk"],
};
// What takes long and differs in no engine runs in the others by `cargo xtask test --all` only.
if (process.env["EVERYWHERE"] === undefined)
  for (const name of ["firefox", "webkit"] as const) LEAVES_OUT[name].push("@one-engine");

export default defineConfig<object, { engine: EngineName }>({
  testDir: "specs",
  outputDir: "../../test-results/engines",
  // Most of the time a test waits: for a token to end, for a pause between two tries.
  workers: 4,
  timeout: 120_000,
  // A busy machine takes its time.
  expect: { timeout: 30_000 },
  retries: 1,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"], ["./support/table.ts"]],
  projects: KNOWN.filter((name) => engines.includes(name)).map((engine) => ({
    name: engine,
    use: { engine },
    ...(LEAVES_OUT[engine].length > 0 && { grepInvert: new RegExp(LEAVES_OUT[engine].join("|")) }),
    // On a busy machine WebKitGTK's GStreamer now and then never begins to play, whatever the page does.
    ...(engine === "webkit" && { workers: 2, retries: 2 }),
  })),
});
