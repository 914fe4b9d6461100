import type { Browser } from "@playwright/test";

import { Mock } from "../../tests/browser/support/mock.ts";
import type { Site } from "../../tests/browser/support/site.ts";
import { VirtualTime } from "../../tests/browser/support/virtual-time.ts";
import { bench, type Series } from "./support/bench.ts";

const FILM = "vid_two_hours";
/** Seconds of the film that are watched. */
const WATCHED = 1_200;
/** Seconds that the laptop sleeps, and that are watched afterwards. */
const SLEEP = 3_600;
const AFTERWARDS = 180;
const WAYS = ["session", "oneToken", "interval", "everyRequest"] as const;

/** A film that is being watched; times in seconds. */
interface Film {
  shown: number;
  stalls: number;
}

/** What pages/by-hand.js adds to the page's `window`. */
interface Page {
  play: (way: string, access: object, videoId: string) => Promise<Film>;
  film: Film;
}

/** Somebody watches the film in a page of its own. */
async function watch(
  browser: Browser,
  site: Site,
  way: string,
  then: (time: VirtualTime) => Promise<void>,
): Promise<Film & { tokens: number }> {
  const mock = await Mock.start();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.page("bench/by-hand.html"));
  const time = await VirtualTime.install(page, mock);
  await page.evaluate(
    async ([way, access, videoId]) => {
      const { play } = window as unknown as Page;
      Object.assign(window, { film: await play(way, access, videoId) });
    },
    [way, mock.access, FILM] as const,
  );
  await then(time);
  const film = await page.evaluate(() => (window as unknown as Page).film);
  const tokens = (await mock.mints()).length;
  await context.close();
  await mock.stop();
  return { ...film, tokens };
}

bench("what pages do by hand, beside a session", async ({ browser, site, record }) => {
  const series: Series = {};
  for (const way of WAYS) {
    const film = await watch(browser, site, way, (time) => time.pass(WATCHED));
    const asleep = await watch(browser, site, way, async (time) => {
      await time.sleep(SLEEP);
      await time.pass(AFTERWARDS);
    });
    Object.assign(series, {
      [`${way}Shown`]: [film.shown],
      [`${way}Stalls`]: [film.stalls],
      [`${way}Tokens`]: [film.tokens],
      [`${way}AfterSleep`]: [asleep.shown],
    });
  }
  await record(series);
});
