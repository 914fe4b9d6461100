import { cpSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { expect, test } from "../../browser/support/test.ts";
import { plays } from "../../bundlers/support/workshop.ts";
import { Environment } from "../support/environment.ts";

declare global {
  interface Window {
    Ansdev: { definePlayer(): Promise<void> };
  }
}

/** A folder with the script tag's files in it, as they are copied from the package. */
function folder(name: string): Environment {
  const environment = Environment.copy("newest", "html", name);
  for (const file of ["ansdev-player.global.js", "player.global.js", "hls.light.js"]) {
    cpSync(environment.packed(`dist/${file}`), join(environment.folder, file));
  }
  return environment;
}

test("a page that is a file plays, as in Cordova", async ({ page, mock }) => {
  const address = pathToFileURL(join(folder("file").folder, "index.html"));
  await page.goto(`${address.href}?${new URLSearchParams(mock.access).toString()}`);
  await plays(page);
});

test("<ansdev-player> comes with the first one in the page, from a file beside the script", async ({ page, mock }) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url().replace(/.*\//, "")));
  const address = pathToFileURL(join(folder("player").folder, "index.html"));
  await page.goto(`${address.href}?${new URLSearchParams(mock.access).toString()}`);
  await plays(page);
  expect(loaded).not.toContain("player.global.js");
  await page.evaluate(() => {
    const player = Object.assign(document.createElement("ansdev-player"), {
      client: document.querySelector<HTMLElement & { client: unknown }>("ansdev-video")?.client,
    });
    for (const [name, value] of [
      ["video-id", "vid_clear"],
      ["muted", ""],
      ["lang", "ja"],
    ] as const) {
      player.setAttribute(name, value);
    }
    document.body.prepend(player);
  });
  await page.getByLabel("再生", { exact: true }).click();
  await plays(page, "ansdev-player");
  expect(loaded.filter((name) => name === "player.global.js")).toHaveLength(1);
});

/** Attributes, and what a style of the page's says. */
const SIZES: { attributes: Record<string, string>; css?: string; later?: Record<string, string> }[] = [
  { attributes: { width: "640", height: "360" } },
  { attributes: { width: "64", height: "200" } },
  { attributes: { width: "50%", height: "200" } },
  { attributes: { width: "640", height: "360" }, css: "width: 100%; height: auto" },
  { attributes: { width: "640", height: "360" }, css: "max-width: 50%; height: auto" },
  { attributes: { width: "640", height: "360" }, css: "width: 200px; height: 200px" },
  { attributes: { width: "640", height: "360" }, later: { width: "100%" } },
  { attributes: { width: "640px", height: "12.5" } },
  { attributes: { width: "640", height: "360", hidden: "" } },
  { attributes: { width: "640", height: "360" }, later: { hidden: "" } },
];

for (const tag of ["ansdev-video", "ansdev-player"]) {
  test(`<${tag}> is as large as a <video> with the same attributes`, async ({ page, site }) => {
    site.folder("/packed/", folder("sizes").fromRoot("."));
    site.route("/sizes.html", (_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><script src="/packed/ansdev-player.global.js"></script><body style="width: 500px">');
    });
    await page.goto(site.page("sizes.html"));
    if (tag === "ansdev-player") await page.evaluate(() => window.Ansdev.definePlayer());
    for (const size of SIZES) {
      const [ours, theirs] = await page.evaluate(
        ([tag, { attributes, css = "", later = {} }]) =>
          [tag, "video"].map((name) => {
            const element = document.createElement(name);
            element.style.cssText = css;
            for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
            document.body.replaceChildren(element);
            for (const [key, value] of Object.entries(later)) element.setAttribute(key, value);
            const { width, height } = element.getBoundingClientRect();
            return { width, height };
          }),
        [tag, size] as const,
      );
      expect(ours, JSON.stringify(size)).toEqual(theirs);
    }
  });
}

test("<ansdev-video> in a place that has a width alone is that wide, before and after it knows the film", async ({
  page,
  site,
  mock,
}) => {
  site.folder("/packed/", folder("shape").fromRoot("."));
  await page.goto(site.page("packed/index.html", mock.access));
  const video = page.locator("ansdev-video");
  await video.evaluate((element) => {
    element.setAttribute("width", "400");
  });
  expect(await video.boundingBox()).toMatchObject({ width: 400, height: 225 });
  await plays(page);
  expect(await video.boundingBox()).toMatchObject({ width: 400, height: 225 });
  await video.evaluate((element) => {
    element.setAttribute("width", "100%");
  });
  const { width } = (await page.locator("body").boundingBox()) ?? {};
  expect(await video.boundingBox()).toMatchObject({ width });
});
