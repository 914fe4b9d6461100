import { cpSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "../../browser/support/test.ts";
import { plays } from "../../bundlers/support/workshop.ts";
import { Environment, HERE } from "../support/environment.ts";

test("with Turbo a client that is kept has one Worker for all visits", async ({ page, mock, site }) => {
  const environment = Environment.copy("newest", "turbo");
  const files = ["ansdev-player.global.js", "hls.light.js"].map((name) => environment.packed(`dist/${name}`));
  files.push(join(HERE, "newest/node_modules/@hotwired/turbo/dist/turbo.es2017-umd.js"));
  for (const file of files) cpSync(file, join(environment.folder, file.replace(/.*\//, "")));
  site.folder("/turbo/", environment.fromRoot("."));
  await page.addInitScript((access) => {
    sessionStorage.setItem("access", JSON.stringify(access));
  }, mock.access);
  await page.goto(site.page("turbo/index.html"));
  await plays(page);
  await page.evaluate(() => {
    Object.assign(window, { isSameWindow: true });
  });
  for (const name of ["other", "index"]) {
    await page.getByText(`To ${name}`).click();
    await expect(page).toHaveTitle(`The page called ${name}`);
    await plays(page);
  }
  expect(await page.evaluate(() => "isSameWindow" in window), "Turbo made the visits").toBe(true);
  const own = page.workers().filter((worker) => worker.url().startsWith("blob:"));
  const clients = await Promise.all(own.map(async (worker) => worker.evaluate(() => self.name)));
  expect(clients.filter((name) => name === "ansdev-player")).toHaveLength(1);
});
