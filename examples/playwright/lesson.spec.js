import { ansdev } from "@ansdev/mock-backend/playwright";
import { test as base, expect } from "@playwright/test";

// A mock of Ansdev for each test, with tokens that live six seconds.
const test = base.extend(ansdev({ ttl: 6 })).extend({
  page: async ({ page, ansdev }, use) => {
    // Its keys rotate: a film with one key plays to its end on one token.
    const lesson = "vid_ten_minutes";
    const access = { apiKey: ansdev.apiKey, baseUrl: ansdev.url };
    await page.route("/config.json", (route) => route.fulfill({ json: { access, lesson } }));
    await page.goto("/");
    await use(page);
  },
});

const time = (page) => page.evaluate(() => document.querySelector("ansdev-video").currentTime);

test("the lesson outlives its first token", async ({ page, ansdev }) => {
  await expect.poll(() => time(page), { timeout: 20_000 }).toBeGreaterThan(8);
  await expect(page.getByRole("alert")).toBeEmpty();
  expect(ansdev.journal().filter(({ route }) => route === "mint").length).toBeGreaterThan(1);
});

test("a revoked key is told to the viewer", async ({ page, ansdev }) => {
  ansdev.revokeKey(ansdev.apiKey);
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("unknown or was revoked");
});
