import { readFile } from "node:fs/promises";

import type { Mock } from "../support/mock.ts";
import type { Site } from "../support/site.ts";
import { expect, test } from "../support/test.ts";

const VIDEO = "vid_rotating_keys";

/** Serves an example as a reader would use it: with a key and a video, from the mock instead of the vendor and the CDN. */
async function serve(site: Site, mock: Mock, name: string, apiKey: string): Promise<string> {
  const source = new URL(`../../../examples/${name}/index.html`, import.meta.url);
  const { files } = JSON.parse(await readFile(new URL("../../../js/dist/integrity.json", import.meta.url), "utf8")) as {
    files: Record<string, string>;
  };
  const text = (await readFile(source, "utf8"))
    // That the hashes in the text are those of the built files is a step of `cargo xtask test`.
    .replace(
      /@ansdev\/player@[\d.]+\/dist\/([\w.-]+)"(\s+)integrity="[^"]*"/g,
      (_, file: string, space: string) => `@ansdev/player/dist/${file}"${space}integrity="${files[file] ?? ""}"`,
    )
    .replaceAll("https://cdn.jsdelivr.net/npm/@ansdev/player/dist/", "/sdk/")
    .replaceAll("https://cdn.jsdelivr.net/npm/hls.js@1/", "/node_modules/hls.js/")
    .replaceAll("YOUR_VIDEO", VIDEO)
    .replaceAll('{ apiKey: "YOUR_KEY" }', JSON.stringify({ apiKey, baseUrl: mock.url }));
  expect(text, "an example names something that the test does not replace").not.toMatch(/YOUR_|jsdelivr/);
  site.route(`/${name}.html`, (_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(text);
  });
  return site.page(`${name}.html`);
}

for (const name of ["script-tag", "own-hls"]) {
  test(`${name} plays`, async ({ page, mock, site }) => {
    await page.goto(await serve(site, mock, name, mock.apiKey));
    const video = page.locator("ansdev-video, video").first();
    await expect.poll(() => video.evaluate((media: HTMLVideoElement) => media.currentTime)).toBeGreaterThan(3);
    await expect(page.getByRole("alert")).toBeEmpty();
  });

  test(`${name} says what is wrong with a malformed key`, async ({ page, mock, site }) => {
    await page.goto(await serve(site, mock, name, "ak_test_123"));
    await expect(page.getByRole("alert")).toContainText("The API key has 11 characters; expected");
  });

  test(`${name} says that a key is unknown`, async ({ page, mock, site }) => {
    await page.goto(await serve(site, mock, name, `ak_test_${"0".repeat(32)}`));
    await expect(page.getByRole("alert")).toContainText("The API key is unknown or was revoked");
  });
}

test("script-tag loads hls.js beside the player's script, once", async ({ page, mock, site }) => {
  const loaded: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/sdk/")) loaded.push(pathname);
  });
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/ansdev-player.global.js", async (route) => {
    await released;
    await route.continue();
  });
  const hls = page.waitForRequest("**/hls.light.js");
  await page.goto(await serve(site, mock, "script-tag", mock.apiKey), { waitUntil: "commit" });
  await hls;
  // Asked for while the script is still on its way.
  expect(await page.evaluate(() => "Ansdev" in window)).toBe(false);
  release();
  const video = page.locator("ansdev-video");
  await expect.poll(() => video.evaluate((media: HTMLVideoElement) => media.currentTime)).toBeGreaterThan(1);
  expect(loaded.toSorted()).toEqual(["/sdk/ansdev-player.global.js", "/sdk/hls.light.js"]);
});
