import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { HERE } from "./workshop.ts";

/** A block of code in the documentation. */
export interface Block {
  /** Its file, and which it is in there. */
  name: string;
  language: string;
  text: string;
}

/** Every block of what the packed package says: README, llms.txt and docs/. */
export function blocks(): Block[] {
  const home = join(HERE, "node_modules/@ansdev/player");
  const pages = ["README.md", "llms.txt", ...readdirSync(join(home, "docs")).map((name) => `docs/${name}`)];
  return pages.flatMap((page) =>
    [...readFileSync(join(home, page), "utf8").matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
      ([, language = "", text = ""], index) => ({
        name: `${page.replace(/^docs\//, "").replace(/\.\w+$/, "")}-${String(index + 1)}`,
        language,
        text,
      }),
    ),
  );
}
