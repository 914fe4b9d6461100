import { expect, test } from "../support/test.ts";

test.use({ mockFlags: ["--ttl", "6"] });

test("the demo page plays, and shows the token, its timeline and the quota live", async ({ page, mock }) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(mock.url);
  await expect(page.locator("#state")).toHaveText("live");
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 8);
  await expect(page.locator("#timeline rect.live")).toHaveCount(1);
  await expect(page.locator("#timeline rect.spent").first()).toBeVisible();
  await expect(page.locator("#timeline")).toHaveAttribute("aria-label", /\d tokens were minted; .* expires in \d s/);
  await expect(page.locator("#quota")).toHaveText(/^99\d$/);
  await expect(page.locator("#left")).toHaveText(/^\d\.\d$/);
  await expect(page.locator("#isolation")).toContainText("Sealed in a Worker");
  expect(complaints).toEqual([]);
});

test("the demo page says why a video does not play, and goes on with another", async ({ page, mock }) => {
  await page.goto(mock.url);
  await page.getByRole("combobox", { name: "Video" }).selectOption("vid_failing");
  await expect(page.getByRole("alert")).toContainText("COMPLETED");
  await expect(page.locator("#state")).toHaveText("failed");
  await page.getByRole("combobox", { name: "Video" }).selectOption("vid_clear");
  await expect(page.locator("#state")).toHaveText("live");
  await expect(page.getByRole("alert")).toBeHidden();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [name, viewport] of Object.entries({
    narrow: { width: 360, height: 740 },
    wide: { width: 1280, height: 900 },
  })) {
    test(`the demo page fits a ${name} ${colorScheme} window`, async ({ page, mock }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await page.goto(mock.url);
      await expect(page.locator("#state")).toHaveText("live");
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, "nothing sticks out").toBeLessThanOrEqual(viewport.width);
    });
  }
}
