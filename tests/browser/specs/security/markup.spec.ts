/** Attackers without a script: what a page lets strangers write. */
import { scriptsAskedFor, serveClobbered } from "../../support/attack/clobbered.ts";
import { serveLeakyTag } from "../../support/attack/leaky-build.ts";
import { Stranger } from "../../support/attack/stranger.ts";
import { expect, test } from "../../support/test.ts";

test("elements named as globals are: the film plays, and nothing comes from a stranger", async ({
  page,
  mock,
  site,
}) => {
  const stranger = await Stranger.start();
  const name = serveClobbered(site, "/sdk/ansdev-player.global.js", stranger.url);
  await page.goto(site.page(name, mock.access));
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 1);
  expect(scriptsAskedFor(stranger.requests)).toEqual([]);
  expect(stranger.requests.length).toBeGreaterThan(0);
  stranger.stop();
});

test("is found: hls.js from beside what the document calls its current script", async ({ page, mock, site }) => {
  const stranger = await Stranger.start();
  const script = await serveLeakyTag(site, [
    {
      file: "platform/script-element.ts",
      from: "const address = addressOf(new Error().stack);",
      to: "addressOf(''); const address = (document.currentScript as HTMLScriptElement | null)?.src;",
    },
  ]);
  await page.goto(site.page(serveClobbered(site, script, stranger.url), mock.access));
  await expect.poll(() => scriptsAskedFor(stranger.requests).join()).toContain("hls");
  stranger.stop();
});
