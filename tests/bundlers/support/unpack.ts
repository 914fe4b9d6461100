import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { HERE } from "./workshop.ts";

/** Puts the packages where npm would, exactly as `npm pack` makes them. */
export default function unpackAll(): void {
  unpack("js", "@ansdev/player");
  unpack("mock-backend/npm", "@ansdev/mock-backend");
}

/** Puts one of this repository's packages into the node_modules of some folders. */
export function unpack(folder: string, name: string, into = [HERE]): void {
  const packed = mkdtempSync(join(tmpdir(), "ansdev-pack-"));
  const output = execFileSync("npm", ["pack", "--json", "--pack-destination", packed], {
    cwd: join(HERE, "../..", folder),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ filename } = { filename: "" }] = JSON.parse(output) as { filename: string }[];
  for (const home of into) {
    const target = join(home, "node_modules", name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    execFileSync("tar", ["-xzf", join(packed, filename), "-C", target, "--strip-components=1"]);
  }
  rmSync(packed, { recursive: true });
}
