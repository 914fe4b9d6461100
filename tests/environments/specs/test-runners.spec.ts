import { expect, test } from "@playwright/test";

import { ENDS, Environment, tagOf } from "../support/environment.ts";

for (const end of ENDS) {
  for (const dom of ["jsdom", "happy-dom"]) {
    test(`Vitest with ${dom}, ${end}`, tagOf(end), async () => {
      const output = await Environment.copy(end, "vitest", `vitest-${dom}`).run("vitest", [
        "run",
        `--environment=${dom}`,
      ]);
      expect(output).toMatch(/Tests +5 passed \(5\)/);
      expect(output, "nothing is thrown beside the tests").not.toMatch(/Unhandled|Uncaught/);
    });
  }
}

test("Jest, whose jsdom lacks what a client needs", async () => {
  const environment = Environment.copy("newest", "jest");
  const output = await environment.run("jest", [], { NODE_OPTIONS: "--experimental-vm-modules" });
  expect(output).toMatch(/Tests: +5 passed, 5 total/);
});
