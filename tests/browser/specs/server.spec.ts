import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

import { expect, test } from "../support/test.ts";

const run = promisify(execFile);

const { exports } = JSON.parse(await readFile(new URL("../../../js/package.json", import.meta.url), "utf8")) as {
  exports: Record<string, unknown>;
};
const entries = Object.entries(exports).filter(([, target]) => typeof target === "object");

for (const entry of entries.map(([name]) => name.replace(".", "@ansdev/player"))) {
  test(`importing ${entry} on a server does nothing and breaks nothing`, async () => {
    // Vue itself leaves something there.
    const framework = entry.endsWith("/vue") ? 'await import("vue");' : "";
    const program = `${framework} const before = Object.keys(globalThis).length; await import(${JSON.stringify(entry)});
      if (Object.keys(globalThis).length !== before) throw new Error("It left something behind");`;
    const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: import.meta.dirname,
    });
    expect(stdout + stderr).toBe("");
  });
}

for (const options of [
  '{ apiKey: "ak_test_7c1b1865ed225cf47377e7d21fdec972" }',
  '{ apiKey: "ak_test_7c1b1865ed225cf47377e7d21fdec972", isolation: "page" }',
  "{ getToken: () => ({}) }",
]) {
  test(`createClient(${options}) on a server says that it belongs in the browser, and leaves nothing running`, async () => {
    const program = `import { createClient } from "@ansdev/player";
      await createClient(${options}).catch(({ name, code, message }) => console.log(name, code, message));`;
    // It ends by itself, because nothing is left that would keep it alive.
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: import.meta.dirname,
      timeout: 20_000,
    });
    expect(stdout).toMatch(/^AnsdevError UNSUPPORTED createClient works in a browser/);
  });
}
