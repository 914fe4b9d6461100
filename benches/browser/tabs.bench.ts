import type { Browser } from "@playwright/test";

import { Mock } from "../../tests/browser/support/mock.ts";
import type { Site } from "../../tests/browser/support/site.ts";
import { bench } from "./support/bench.ts";

/** Seconds that a token lives: short, because two tabs do not share a virtual time. */
const LIFE = 6;
/** Seconds of watching. */
const WATCHED = 45;

/** Tokens that so many tabs of one browser spend on one video. */
async function watch(browser: Browser, site: Site, tabs: number, shareAcrossTabs: boolean): Promise<number> {
  const mock = await Mock.start("--ttl", String(LIFE));
  const context = await browser.newContext();
  const pages = await Promise.all(Array.from({ length: tabs }, () => context.newPage()));
  for (const page of pages) {
    await page.goto(site.page("blank.html"));
    await page.evaluate(
      async (options) => {
        const { createClient } = await import("@ansdev/player");
        const session = await (await createClient(options)).openSession("vid_two_hours");
        session.setActive(true);
        await session.getToken();
      },
      { ...mock.access, shareAcrossTabs },
    );
  }
  await new Promise((resolve) => setTimeout(resolve, WATCHED * 1000));
  const tokens = (await mock.mints()).length;
  await context.close();
  await mock.stop();
  return tokens;
}

bench("tokens of two tabs, beside one", async ({ browser, site, record }) => {
  const [one, shared, apart] = await Promise.all([
    watch(browser, site, 1, false),
    watch(browser, site, 2, true),
    watch(browser, site, 2, false),
  ]);
  await record({ one: [one], shared: [shared], apart: [apart] });
});
