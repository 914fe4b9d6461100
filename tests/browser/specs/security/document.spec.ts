import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { expect, test } from "@playwright/test";

interface Suite {
  specs: { title: string }[];
  suites?: Suite[];
}

/** The page's suite, and the server's. */
const SUITES = ["../..", "../../../server"].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));

/** The titles of a suite's tests, as their runner lists them. */
function titles(folder: string): string[] {
  const runner = createRequire(import.meta.url).resolve("@playwright/test/cli");
  const args = [runner, "test", "specs/security", "--list", "--reporter=json"];
  const { suites } = JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" })) as {
    suites: Suite[];
  };
  const within = (suite: Suite): string[] => [
    ...suite.specs.map(({ title }) => title),
    ...(suite.suites ?? []).flatMap(within),
  ];
  return suites.flatMap(within);
}

/** What stands between quotation marks, with line breaks as spaces. */
function quoted(text: string): string[] {
  return Array.from(text.matchAll(/“([^”]+)”/g), ([, title = ""]) => title.replaceAll(/\s+/g, " "));
}

test("SECURITY.md names every test of the suite, and no other", async () => {
  const named = quoted(await readFile(new URL("../../../../SECURITY.md", import.meta.url), "utf8"));
  const suite = SUITES.flatMap(titles);
  expect(suite.length).toBeGreaterThan(50);
  expect(new Set(named)).toEqual(new Set(suite));
  expect(suite).toHaveLength(new Set(suite).size);
});
