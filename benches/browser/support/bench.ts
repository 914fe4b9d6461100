import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { test as base } from "../../../tests/browser/support/test.ts";

/** Measurements of several quantities, by their names. */
export type Series = Record<string, number[]>;

interface Fixtures {
  /** Hands the measurements to `cargo xtask bench`: into the file that the environment variable `SERIES` names. */
  record: (series: Series) => Promise<void>;
}

/** The tests' `test`, with the benches' pages and peers on its site. */
export const bench = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  record: async ({}, use) => {
    const file = process.env["SERIES"];
    await use(async (series) => {
      const json = JSON.stringify(series);
      if (file === undefined) {
        console.log(json);
      } else {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, json);
      }
    });
  },
  site: async ({ site }, use) => {
    site.folder("/bench/", "benches/browser/pages");
    site.folder("/peers/", "benches/peers/node_modules");
    await use(site);
  },
});
