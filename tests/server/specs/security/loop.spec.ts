import { join } from "node:path";

import { expect, test } from "../../../browser/support/test.ts";
import { askForToken } from "../../support/ask.ts";
import { Program, ROOT } from "../../support/program.ts";

const VIDEO = "vid_rotating_keys";

test("examples/express, in memory: a viewer in a loop costs ten tokens, and others are not held up", async ({
  mock,
}) => {
  const program = await Program.start(
    ["node", "server.js"],
    { apiKey: mock.apiKey, baseUrl: mock.url },
    {
      cwd: join(ROOT, "examples/express"),
    },
  );
  try {
    const loop = Array.from({ length: 200 }, () => askForToken(program.url, VIDEO, { viewer: "127.0.0.2" }));
    const other = await askForToken(program.url, VIDEO, { viewer: "127.0.0.3" });
    expect(other.status).toBe(200);
    const answers = await Promise.all(loop);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(190);
    for (const { headers } of refused) {
      expect(Number(headers["retry-after"])).toBeGreaterThan(1700);
      expect(Number(headers["retry-after"])).toBeLessThanOrEqual(1800);
    }
    expect(await mock.mints()).toHaveLength(11);
  } finally {
    await program.stop();
  }
});
