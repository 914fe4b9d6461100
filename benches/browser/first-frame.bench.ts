import { bench } from "./support/bench.ts";
import { interleave } from "./support/interleave.ts";

const ROUNDS = 15;
const FILM = "vid_single_key";

bench("time to the first frame, beside bare hls.js", async ({ browser, mock, site, record }) => {
  /** Milliseconds from the navigation, each time in a browser that has seen nothing yet. */
  async function open(name: string): Promise<number> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(site.page(name, { ...mock.access, videoId: FILM }));
    const took = await page.evaluate(() => (window as unknown as { firstFrame: Promise<number> }).firstFrame);
    await context.close();
    return took;
  }

  await record(
    await interleave(ROUNDS, {
      ours: () => open("bench/first-frame-ours.html"),
      hinted: () => open("bench/first-frame-hinted.html"),
      bare: () => open("bench/first-frame-bare.html"),
    }),
  );
});
