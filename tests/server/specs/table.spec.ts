import { join } from "node:path";

import { holdsTheTable } from "../support/cases.ts";
import { Program, ROOT } from "../support/program.ts";

const RUST = process.env["TOKEN_ENDPOINT"] ?? join(ROOT, "target/debug/ansdev-token-endpoint");

holdsTheTable("examples/express", async (access) =>
  Program.start(["node", "server.js"], access, { cwd: join(ROOT, "examples/express") }),
);
holdsTheTable("examples/token-endpoint", async (access) => Program.start([RUST], access));
