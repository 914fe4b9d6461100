import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "../support/test.ts";

const run = promisify(execFile);

for (const entry of ["@ansdev/player", "@ansdev/player/slim", "@ansdev/player/element", "@ansdev/player/hls"]) {
  test(`importing ${entry} on a server does nothing and breaks nothing`, async () => {
    const program = `const before = Object.keys(globalThis).length; await import(${JSON.stringify(entry)});
      if (Object.keys(globalThis).length !== before) throw new Error("It left something behind");`;
    const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: import.meta.dirname,
    });
    expect(stdout + stderr).toBe("");
  });
}

test("createClient on a server says that it belongs in the browser", async () => {
  const program = `import { createClient } from "@ansdev/player";
    await createClient({ apiKey: "ak_test_7c1b1865ed225cf47377e7d21fdec972", isolation: "worker" }).catch((error) => console.log(error.code, error.message));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
  });
  expect(stdout).toMatch(/^UNSUPPORTED .*in the browser, not on the server/);
});
