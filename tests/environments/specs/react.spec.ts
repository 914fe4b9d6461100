import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "../../browser/support/test.ts";
import { plays } from "../../bundlers/support/workshop.ts";
import { type End, ENDS, Environment, HERE, tagOf } from "../support/environment.ts";

function installed(end: End, name: string): string {
  const text = readFileSync(join(HERE, end, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

for (const end of ENDS) {
  test(`<AnsdevVideo> and hls.js, ${end}`, tagOf(end), async ({ page, mock, site }) => {
    const environment = Environment.copy(end, "react");
    const args = [
      "main.jsx",
      "--bundle",
      "--format=esm",
      "--splitting",
      "--outdir=dist",
      "--jsx=automatic",
      "--minify",
    ];
    await environment.run("esbuild", args);
    site.folder("/built/", environment.fromRoot("."));
    await page.goto(site.page("built/index.html", mock.access));
    await plays(page);
    await expect(page.getByText(`React ${installed(end, "react")}`)).toBeVisible();
    const video = page.locator("ansdev-video");
    const state = async () =>
      video.evaluate((element) => {
        const { hls, muted } = element as HTMLVideoElement & { hls: { constructor: { version: string } } };
        return { hls: hls.constructor.version, muted };
      });
    expect(await state()).toEqual({ hls: installed(end, "hls.js"), muted: true });
    expect(await video.boundingBox()).toMatchObject({ width: 640, height: 360 });
    for (const muted of [false, true, false]) {
      await page.getByRole("button", { name: "Sound" }).click();
      await expect.poll(async () => (await state()).muted).toBe(muted);
    }
    await page.getByRole("button", { name: "Half" }).click();
    const { width = 0 } = (await page.locator("main").boundingBox()) ?? {};
    await expect.poll(async () => (await video.boundingBox())?.width).toBe(width / 2);
    await page.getByRole("button", { name: "Hide" }).click();
    await expect(video).toBeHidden();
    await page.getByRole("button", { name: "Hide" }).click();
    await expect(video).toBeVisible();
  });
}
