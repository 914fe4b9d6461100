import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { test } from "../../browser/support/test.ts";
import { HERE, plays, Workshop } from "../support/workshop.ts";

test("the README's snippet alone plays, in a project that has the packed package and nothing else", async ({
  page,
  mock,
  site,
}) => {
  const readme = readFileSync(join(HERE, "node_modules/@ansdev/player/README.md"), "utf8");
  const [, snippet] = /```html\n(<ansdev-video[\s\S]*?)```/.exec(readme) ?? [];
  if (snippet === undefined) throw new Error("The README shows no <ansdev-video> as HTML");
  const workshop = Workshop.empty("readme");
  const html = snippet
    .replace(/vid_\w+/, "vid_rotating_keys")
    .replace(/\{ apiKey: "[^"]*" \}/, JSON.stringify({ apiKey: mock.apiKey, baseUrl: mock.url }))
    // A film that starts by itself: there is nobody to press the button.
    .replace(" controls", " controls muted autoplay");
  writeFileSync(join(workshop.folder, "index.html"), `<!doctype html><link rel="icon" href="data:,">${html}`);
  await workshop.run("vite", "build", "--base=./");
  site.folder("/built/", workshop.fromRoot("dist"));
  await page.goto(site.page("built/index.html"));
  await plays(page);
});
