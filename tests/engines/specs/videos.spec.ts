import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("a page of the list, and every video page by page", async ({ page, mock }) => {
  const seen = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { videos } = await createClient(access);
    const { videos: page, nextCursor } = await videos.list({ limit: 3 });
    const all: string[] = [];
    for await (const { id } of videos.list({ limit: 3 })) all.push(id);
    const whole = await videos.list({ limit: 100 });
    return { page: page.length, nextCursor, all, whole: whole.videos.map(({ id }) => id), last: whole.nextCursor };
  }, mock.access);
  expect(seen.page).toBe(3);
  expect(seen.nextCursor).not.toBeNull();
  expect(seen.last).toBeNull();
  expect(seen.all).toEqual(seen.whole);
  expect(seen.all.length).toBeGreaterThan(3);
});

test("one video, with whatever fields the API sends", async ({ page, mock }) => {
  const video = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    return (await createClient(access)).videos.get("vid_clear");
  }, mock.access);
  expect(video).toMatchObject({ id: "vid_clear", status: "COMPLETED", encrypted: false, durationSeconds: 24 });
});

test("waiting for a video tells each status, and ends when it can be played", async ({ page, mock, site }) => {
  site.route("/advance", async (_request, response) => {
    await mock.advance(86_400);
    response.end();
  });
  const seen = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { videos } = await createClient(access);
    const statuses: string[] = [];
    const advances: Promise<Response>[] = [];
    const video = await videos.waitUntilReady("vid_in_the_making", {
      onStatus: ({ status }) => {
        statuses.push(status);
        advances.push(fetch("/advance"));
      },
    });
    await Promise.all(advances);
    return { statuses, status: video.status };
  }, mock.access);
  expect(seen.status).toBe("COMPLETED");
  expect(seen.statuses.length).toBeGreaterThan(1);
  expect(seen.statuses.at(-1)).toBe("COMPLETED");
});

test("waiting for a video whose making failed is VIDEO_NOT_READY, for good", async ({ page, mock }) => {
  await mock.advance(86_400);
  const error = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const { videos } = await createClient(access);
    return rejection(videos.waitUntilReady("vid_failing"));
  }, mock.access);
  expect(error).toMatchObject({ code: "VIDEO_NOT_READY", retryable: false, fatal: true, videoId: "vid_failing" });
});

test("waiting can be given up", async ({ page, mock }) => {
  const error = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const { videos } = await createClient(access);
    const controller = new AbortController();
    return rejection(
      videos.waitUntilReady("vid_in_the_making", {
        signal: controller.signal,
        onStatus: () => {
          setTimeout(() => {
            controller.abort();
          });
        },
      }),
    );
  }, mock.access);
  expect(error).toMatchObject({ code: "ABORTED" });
});
