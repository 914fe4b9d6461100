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

test("the demo page plays a film from the CDN, which is another origin", async ({ page, mock }) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(mock.url);
  await page.getByRole("combobox", { name: "Video" }).selectOption("vid_two_on_cdn");
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 3);
  await expect(page.getByRole("alert")).toBeHidden();
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

test("buttons make trouble, which the film survives where it can, and says where it cannot", async ({ page, mock }) => {
  await page.goto(mock.url);
  // Long enough to need a key now and then all the while.
  await page.getByRole("combobox", { name: "Video" }).selectOption("vid_ten_minutes");
  const time = async () => page.evaluate(() => document.querySelector("ansdev-video")?.currentTime ?? 0);
  await expect.poll(time).toBeGreaterThan(1);

  // Unless it is renewed that very moment, the next key is asked for with the token that is over.
  await expect(async () => {
    await page.getByRole("button", { name: "Sleep for an hour" }).click();
    await page.locator("ansdev-video").evaluate((element: HTMLVideoElement) => {
      element.currentTime += 60;
    });
    await expect(page.locator("#log")).toContainText("it was refused", { timeout: 3_000 });
  }).toPass();
  await expect(page.locator("#state")).toHaveText("live");

  await page.getByRole("button", { name: "Cut the network" }).click();
  await expect(page.getByRole("button", { name: "Cut the network" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator("#log")).toContainText("NETWORK");
  await expect(page.locator("#timeline circle.fault").first()).toBeVisible();
  await page.getByRole("button", { name: "Cut the network" }).click();
  const before = await time();
  await expect.poll(time).toBeGreaterThan(before + 2);

  await page.getByRole("button", { name: "Slow the backend" }).click();
  await page.getByRole("button", { name: "Slow the backend" }).click();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await expect(page.getByRole("alert")).toContainText("revoked");
  await page.getByRole("button", { name: "Make a new key" }).click();
  await expect(page.getByRole("alert")).toBeHidden();
  await expect(page.locator("#state")).toHaveText("live");
  await expect.poll(time).toBeGreaterThan(1);
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
      await page.screenshot({ path: test.info().outputPath("demo.png"), fullPage: true });
    });
  }
}
