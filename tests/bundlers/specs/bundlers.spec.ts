import { cpSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { expect, test } from "../../browser/support/test.ts";
import { plays, Workshop } from "../support/workshop.ts";

/** How each bundler makes dist/main.js of main.js: by its command line, without a configuration file. */
const BUNDLERS: Record<string, string[]> = {
  Vite: ["vite", "build", "--base=./"],
  "webpack 5": ["webpack", "build", "./main.js", "--mode=production", "--output-path=dist"],
  Rollup: ["rollup", "main.js", "--dir=dist", "--format=es", "--plugin=node-resolve"],
  esbuild: ["esbuild", "main.js", "--bundle", "--format=esm", "--splitting", "--outdir=dist", "--minify"],
};

/**
 * Notes which of these globals is read first. The SDK takes `MessageChannel` when its captured natives are evaluated, and
 * the custom element's base class takes `HTMLElement`.
 */
async function noteOrder(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const read: string[] = [];
    Object.assign(window, { read });
    for (const name of ["MessageChannel", "HTMLElement"] as const) {
      const value = window[name];
      Object.defineProperty(window, name, {
        configurable: true,
        get: () => {
          read.push(name);
          return value;
        },
      });
    }
  });
}

for (const [name, [program = "", ...args]] of Object.entries(BUNDLERS)) {
  for (const entry of ["default", "slim"]) {
    test(`${name} builds the ${entry} entry`, async ({ page, mock, site }) => {
      const workshop = Workshop.copy(`tests/bundlers/fixtures/${entry}`);
      await workshop.run(program, ...args);
      if (entry === "slim") workshop.copySlimFiles("dist");
      // Vite builds the page as well; the others only its script.
      if (name !== "Vite") cpSync(join(workshop.folder, "index.html"), join(workshop.folder, "dist/index.html"));
      site.folder("/built/", workshop.fromRoot("dist"));
      await noteOrder(page);
      await page.goto(site.page("built/index.html", mock.access));
      await plays(page);
      const isolation = await page.evaluate(
        () => (document.querySelector("ansdev-video") as unknown as { client: { isolation: string } }).client.isolation,
      );
      expect(isolation).toBe("worker");
      const read = await page.evaluate(() => (window as unknown as { read: string[] }).read);
      expect(read, "the natives come before the element's code").toContain("HTMLElement");
      expect(read[0]).toBe("MessageChannel");
    });
  }
}

test("Vite's dev server serves the default entry as it is", async ({ page, mock }) => {
  const server = await Workshop.copy("tests/bundlers/fixtures/default").serve("vite", "--host=127.0.0.1", "--port=0");
  try {
    await page.goto(`${server.url}/?${new URLSearchParams(mock.access).toString()}`);
    await plays(page);
  } finally {
    server.stop();
  }
});
