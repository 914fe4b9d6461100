import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { expect, test } from "../../browser/support/test.ts";
import { unpack } from "../support/unpack.ts";
import { HERE, plays, Workshop } from "../support/workshop.ts";

/** Installs what a project's own lockfile names, and the packed package beside it. */
function install(name: string): Workshop {
  const folder = join(HERE, "apart", name);
  execFileSync("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  unpack("js", "@ansdev/player", [folder]);
  return Workshop.at(folder);
}

test.describe("projects with a lockfile of their own", { tag: "@all" }, () => {
  test("Nuxt 4 renders both components on its server, and takes them over without a mismatch or an option", async ({
    page,
    mock,
  }) => {
    test.setTimeout(300_000);
    const nuxt = install("nuxt");
    await nuxt.run("nuxt", "build");
    const server = await nuxt.serve("nuxt", "preview", "--host=127.0.0.1", "--port=0");
    try {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      const address = `${server.url}/?${new URLSearchParams(mock.access).toString()}`;
      const html = await (await fetch(address)).text();
      expect(html).toMatch(/<ansdev-video [^>]*video-id="vid_rotating_keys"/);
      expect(html).toMatch(/<ansdev-player [^>]*lang="de"/);
      expect(html).not.toContain("loop");
      expect(await mock.journal(), "the server asks for nothing").toEqual([]);
      await page.goto(address);
      await plays(page);
      expect(await page.evaluate(() => document.querySelector("ansdev-video")?.hasAttribute("client"))).toBe(false);
      // "Hydration completed but contains mismatches", also in production.
      expect(complaints.filter((text) => /hydrat|mismatch/i.test(text))).toEqual([]);
    } finally {
      server.stop();
    }
  });

  test("Parcel 2 finds every entry without its option for `exports`", async ({ page, mock, site }) => {
    test.setTimeout(300_000);
    const parcel = install("parcel");
    await parcel.run("parcel", "build", "index.html", "--public-url=./", "--no-cache", "--no-source-maps");
    site.folder("/built/", parcel.fromRoot("dist"));
    await page.goto(site.page("built/index.html", mock.access));
    await plays(page);
    await page.waitForFunction(() =>
      document.querySelector("ansdev-player")?.shadowRoot?.querySelector("media-controller"),
    );
  });
});
