import { existsSync } from "node:fs";
import { join } from "node:path";

import { unpack } from "../../bundlers/support/unpack.ts";
import { ENDS, HERE } from "./environment.ts";

/** Puts the package where npm would, exactly as `npm pack` makes it. */
export default function unpackAll(): void {
  const installed = ENDS.map((end) => join(HERE, end)).filter((end) => existsSync(join(end, "node_modules")));
  unpack("js", "@ansdev/player", installed);
}
