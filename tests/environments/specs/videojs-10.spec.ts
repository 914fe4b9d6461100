import { expect, test } from "../../browser/support/test.ts";
import { plays } from "../../bundlers/support/workshop.ts";
import { Environment } from "../support/environment.ts";

test("Video.js 10 plays with hlsConfig", async ({ page, mock, site }) => {
  const environment = Environment.copy("newest", "videojs-10");
  await environment.run("esbuild", ["main.js", "--bundle", "--format=esm", "--splitting", "--outdir=dist", "--minify"]);
  site.folder("/built/", environment.fromRoot("."));
  await page.goto(site.page("built/index.html", mock.access));
  await plays(page, "hls-video");
  expect(await mock.mints(), "one token for the film so far").toHaveLength(1);
});
