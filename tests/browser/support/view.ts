import type { Page } from "@playwright/test";

import type { Mock } from "./mock.ts";

/** The ways to play a session, and what a page loads for them. */
export const PLAYERS = {
  "<ansdev-video>": null,
  hls: null,
  shaka: "/node_modules/shaka-player/dist/shaka-player.compiled.js",
  videojs: "/node_modules/video.js/dist/video.js",
} as const;
export type PlayerName = keyof typeof PLAYERS;

interface Options {
  /** How fast the film plays. */
  rate?: number;
  shareAcrossTabs?: boolean;
}

/** Begins to play in a page that is blank; it has `watching` then. */
export async function start(
  page: Page,
  mock: Mock,
  name: PlayerName,
  id: string,
  { rate = 1, shareAcrossTabs = false }: Options = {},
): Promise<void> {
  const script = PLAYERS[name];
  if (script) await page.addScriptTag({ url: script });
  await page.evaluate(
    async ([options, name, id, rate]) => {
      const { createClient } = await import("@ansdev/player");
      const { watch } = await import("watch");
      const client = await createClient(options);
      if (name === "<ansdev-video>") {
        const { film } = await import("film");
        const { element, until } = film(client, id);
        void element.play();
        const ended = until("ended", "error").then((end) => (end === "ended" ? null : (element.error as never)));
        const { longestGap } = watch(element.nativeEl);
        Object.assign(window, {
          watching: { video: element.nativeEl, session: () => element.session, ended, longestGap },
        });
      } else {
        const { play } = await import("players");
        const session = await client.openSession(id);
        const playing = await play(name, session, await session.manifestUrl());
        Object.assign(window, { watching: { ...playing, ...watch(playing.video), session: () => session } });
      }
      // Loading sets the rate to the default.
      Object.assign(watching.video, { defaultPlaybackRate: rate, playbackRate: rate });
    },
    [{ ...mock.access, shareAcrossTabs }, name, id, rate] as const,
  );
}

/** Waits for the film's end. */
export async function toTheEnd(page: Page): Promise<{ error: string | null; at: number; gap: number }> {
  return page.evaluate(async () => {
    const error = await watching.ended;
    return { error: error && String(error), at: watching.video.currentTime, gap: watching.longestGap() };
  });
}

/** Waits until the film has got on so far, in seconds. */
export async function until(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction((seconds) => watching.video.currentTime >= seconds, seconds);
}
