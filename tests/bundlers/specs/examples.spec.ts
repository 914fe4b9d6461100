import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "../../browser/support/test.ts";
import { plays, Workshop } from "../support/workshop.ts";

/** What checks an example's types, before Vite builds it. */
const EXAMPLES: { name: string; check: string[]; video: string }[] = [
  { name: "vite", check: [], video: "ansdev-player" },
  { name: "shaka", check: [], video: "video" },
  { name: "react", check: ["tsc"], video: "ansdev-video" },
  { name: "vue", check: ["vue-tsc"], video: "ansdev-video" },
  { name: "svelte", check: ["svelte-check", "--fail-on-warnings"], video: "ansdev-video" },
];

for (const {
  name,
  check: [checker, ...options],
  video,
} of EXAMPLES) {
  test.describe(`examples/${name}`, () => {
    test("plays", async ({ page, mock, site }) => {
      const workshop = Workshop.copy(`examples/${name}`).fillIn(mock);
      if (checker !== undefined) await workshop.run(checker, ...options);
      await workshop.run("vite", "build", "--base=./");
      site.folder("/built/", workshop.fromRoot("dist"));
      await page.goto(site.page("built/index.html"));
      await plays(page, video);
      await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
    });

    test("says that a key is unknown", async ({ page, mock, site }) => {
      const workshop = Workshop.copy(`examples/${name}`).fillIn(mock);
      await workshop.run("vite", "build", "--base=./");
      await mock.revoke(mock.apiKey);
      site.folder("/built/", workshop.fromRoot("dist"));
      await page.goto(site.page("built/index.html"));
      const says = video === "ansdev-player" ? "This session has ended." : "The API key is unknown or was revoked";
      await expect(page.getByRole("alert").filter({ hasText: says })).toBeVisible();
    });
  });
}

test("examples/playwright: a page's own test, against the mock backend", async () => {
  const workshop = Workshop.copy("examples/playwright");
  // This machine's browser; the reader's is Playwright's own.
  const { use } = (await import("../playwright.config.ts")).default;
  writeFileSync(
    join(workshop.folder, "here.config.js"),
    `import config from "./playwright.config.js"; export default { ...config, use: { ...config.use, ...${JSON.stringify(use)} } };`,
  );
  const output = await workshop.run("../../../../node_modules/.bin/playwright", "test", "--config=here.config.js");
  expect(output).toContain("2 passed");
});
