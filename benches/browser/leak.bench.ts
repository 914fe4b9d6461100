import type { Page } from "@playwright/test";

import config from "./playwright.config.ts";
import { bench } from "./support/bench.ts";
import { Heap } from "./support/heap.ts";

const FIRST = 50;
const LAST = 500;
/** Cycles at the same time: one by one they would take several minutes. */
const AT_ONCE = 5;
/** Milliseconds between two looks at the memory: longer than any timer of the player's. */
const PAUSE = 4_000;

const { args = [], ...options } = config.use?.launchOptions ?? {};

bench.use({
  mockFlags: ["--quota", "100000"],
  // Without the compilers' code for what runs often, which takes the longer the more memory and is nobody's leak.
  launchOptions: { ...options, args: [...args, "--js-flags=--no-opt,--no-maglev"] },
});

bench("memory after 500 cycles of create, play and destroy, beside 50", async ({ page, mock, site, record }) => {
  await page.goto(site.page("blank.html"));
  await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    await import("@ansdev/player/element");
    // A client that stays, in whose Worker sessions come and go.
    const staying = await createClient(access);

    /** A player of its own from beginning to end, and a session beside it. */
    const cycle = async () => {
      const client = await createClient(access);
      const element = document.createElement("ansdev-video");
      Object.assign(element, { client, videoId: "vid_single_key", muted: true });
      element.hlsConfig = { maxBufferLength: 1 };
      const playing = new Promise((resolve, reject) => {
        element.addEventListener("playing", resolve, { once: true });
        element.addEventListener(
          "error",
          () => {
            reject(new Error(element.error?.message));
          },
          { once: true },
        );
      });
      document.body.append(element);
      await Promise.all([element.play(), playing]);
      element.remove();
      client.destroy();

      const session = await staying.openSession("vid_two_hours");
      await session.resolve(await session.manifestUrl());
      session.destroy();
    };
    Object.assign(window, { cycle });
  }, mock.access);

  const heap = await Heap.of(page);
  let done = 0;
  const cyclesUntil = async (end: number) => {
    while (done < end) {
      await page.evaluate(async (count) => {
        const { cycle } = window as unknown as { cycle: () => Promise<void> };
        await Promise.all(Array.from({ length: count }, cycle));
      }, AT_ONCE);
      done += AT_ONCE;
    }
    return { bytes: [await settled(page, heap)], nodes: [await heap.nodes()] };
  };
  const first = await cyclesUntil(FIRST);
  const last = await cyclesUntil(LAST);
  await record({ first: first.bytes, last: last.bytes, firstNodes: first.nodes, lastNodes: last.nodes });
});

/** Bytes when nothing falls away any more: timers hold what was destroyed for a few seconds, and Workers take a while. */
async function settled(page: Page, heap: Heap): Promise<number> {
  for (let before = Infinity; ;) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (page.workers().length > 1) continue;
    const bytes = await heap.bytes();
    if (bytes >= before) return before;
    before = bytes;
  }
}
