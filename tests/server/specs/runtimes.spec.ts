import { join } from "node:path";

import { holdsTheTable } from "../support/cases.ts";
import { Program, ROOT } from "../support/program.ts";

const BINARIES = join(ROOT, "tests/runtimes/node_modules/.bin");
const FIXTURES = join(ROOT, "tests/server/fixtures");

holdsTheTable(
  "Deno",
  (access) =>
    Program.start([join(BINARIES, "deno"), "run", "--allow-net", "--allow-env", join(FIXTURES, "deno.js")], access),
  { tag: "@all" },
);
holdsTheTable("Bun", (access) => Program.start([join(BINARIES, "bun"), join(FIXTURES, "bun.js")], access), {
  tag: "@all",
});
