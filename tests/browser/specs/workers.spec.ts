import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("each client has a Worker of its own, which ends with it", async ({ page, mock }) => {
  await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    Object.assign(window, { clients: [await createClient(access), await createClient(access)] });
  }, mock.access);
  expect(page.workers()).toHaveLength(2);
  const closed = page.workers().map(async (worker) => worker.waitForEvent("close"));
  await page.evaluate(() => {
    const { clients } = window as unknown as { clients: { destroy: () => void }[] };
    for (const client of clients) client.destroy();
  });
  await Promise.all(closed);
  expect(page.workers()).toHaveLength(0);
});

test("a client that could not be created leaves no Worker behind", async ({ page }) => {
  await page.evaluate(async () => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    await rejection(createClient({ apiKey: "nonsense" }));
  });
  await expect.poll(() => page.workers().length).toBe(0);
});
