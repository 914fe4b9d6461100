import { bench } from "./support/bench.ts";
import { servePage } from "./support/bundle.ts";
import { interleave } from "./support/interleave.ts";

const ROUNDS = 40;
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

  const bare = await servePage(site, "first-frame-bare");
  const ours = await servePage(site, "first-frame-ours");
  const hinted = await servePage(site, "first-frame-ours", { preload: "hls.light" });
  await record(
    await interleave(ROUNDS, { ours: () => open(ours), hinted: () => open(hinted), bare: () => open(bare) }),
  );
});
