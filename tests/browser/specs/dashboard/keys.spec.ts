import type { Page } from "@playwright/test";

import type { Mock } from "../../support/mock.ts";
import { expect, test } from "../../support/test.ts";

const KEY = /ak_(?:live|test)_[0-9a-f]{32}/g;

async function create(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create key" }).click();
}

/** The key that the page shows, which is the only one in all of its text. */
async function shownKey(page: Page): Promise<string> {
  const keys = (await page.content()).match(KEY) ?? [];
  expect(keys).toHaveLength(1);
  return keys[0] ?? "";
}

/** The HTTP status of a mint with this key. */
async function mint(mock: Mock, apiKey: string): Promise<number> {
  const headers = { "x-ansdev-key": apiKey };
  const response = await fetch(`${mock.url}/v1/video/vid_clear/playback-token`, { method: "POST", headers });
  return response.status;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`with JavaScript ${javaScriptEnabled ? "on" : "off"}`, () => {
    test.use({ javaScriptEnabled });

    test.beforeEach(async ({ page, mock }) => {
      await page.goto(`${mock.url}/dashboard/api-keys`);
    });

    test("a key is created, shown exactly once, and works until it is revoked", async ({ page, mock }) => {
      await create(page, "Web shop");
      await expect(page.getByRole("heading", { name: "Your new API key" })).toBeVisible();
      const key = await shownKey(page);
      expect(await mint(mock, key)).toBe(200);

      await page.reload();
      expect(await page.content()).not.toMatch(KEY);
      await page.goBack();
      await page.goForward();
      expect(await page.content()).not.toMatch(KEY);

      const card = page.getByRole("article", { name: "Web shop" });
      await expect(card).toContainText(`${key.slice(0, 12)}…`);
      await expect(card).toContainText("1 of 1000 tokens minted today");
      await card.getByRole("link", { name: /^Revoke/ }).click();
      await expect(page.getByRole("heading", { name: "Revoke this key?" })).toBeVisible();
      await page.getByRole("link", { name: "Keep it" }).click();
      expect(await mint(mock, key)).toBe(200);

      await card.getByRole("link", { name: /^Revoke/ }).click();
      await page.getByRole("button", { name: "Revoke key" }).click();
      await expect(page.getByRole("status")).toContainText(`${key.slice(0, 12)}… is revoked`);
      expect(await mint(mock, key)).toBe(401);
      await expect(card).toContainText("Revoked");
      await expect(card).toContainText(`${key.slice(0, 12)}…`);
      await expect(card).toContainText(/Created\s*\d+ \w+ \d{4}/);
      await expect(card.getByRole("link", { name: /^Revoke/ })).toHaveCount(0);
    });

    test("the eleventh active key is refused with the reason, until one is revoked", async ({ page }) => {
      // The seed's key is one of the ten.
      for (let number = 2; number <= 10; number++) {
        await create(page, `Key ${String(number)}`);
        await expect(page.getByText(`${String(number)} of 10 active`)).toBeVisible();
      }
      await create(page, "One too many");
      await expect(page.getByRole("alert")).toHaveText(
        "You have 10 active keys, the most that a user can have. Revoke one to free a slot.",
      );
      await expect(page.getByLabel("Name")).toHaveValue("One too many");
      await expect(page.getByRole("article")).toHaveCount(10);

      await page.getByRole("article", { name: "Key 5" }).getByRole("link", { name: "Revoke" }).click();
      await page.getByRole("button", { name: "Revoke key" }).click();
      await create(page, "In its place");
      await expect(page.getByText("10 of 10 active")).toBeVisible();
      await expect(page.getByRole("article")).toHaveCount(11);
    });

    test("a key can have a last day", async ({ page, mock }) => {
      const tomorrow = new Date((await mock.now()) + 86_400_000);
      await page.getByLabel("Expires").fill(tomorrow.toISOString().slice(0, 10));
      await create(page, "Trade fair");
      const key = await shownKey(page);
      const end = new Date(Date.UTC(tomorrow.getUTCFullYear(), tomorrow.getUTCMonth(), tomorrow.getUTCDate() + 1));
      const card = page.getByRole("article", { name: "Trade fair" });
      await expect(card.locator(`time[datetime="${end.toISOString().replace(".000Z", "Z")}"]`)).toBeVisible();
      expect(await mint(mock, key)).toBe(200);

      await mock.advance((end.getTime() - (await mock.now())) / 1000 + 1);
      expect(await mint(mock, key)).toBe(401);
      await page.goto(`${mock.url}/dashboard/api-keys`);
      await expect(card).toContainText("Expired");
    });

    test("a form that makes no sense is refused with the reason", async ({ page }) => {
      await create(page, "   ");
      await expect(page.getByRole("alert")).toHaveText("The key needs a name of 1 to 64 characters.");
      await page.getByLabel("Expires").fill("2001-01-01");
      await create(page, "Late");
      await expect(page.getByRole("alert")).toContainText("The expiry must be a day, today or later");
      await page.getByLabel("Expires").fill("");
      await page.getByRole("checkbox", { name: /video:read/ }).uncheck();
      await create(page, "Late");
      await expect(page.getByRole("alert")).toHaveText("The key needs at least one scope.");
      await expect(page.getByRole("article")).toHaveCount(1);
    });

    test("one scope is offered", async ({ page }) => {
      await expect(page.getByRole("checkbox")).toHaveCount(1);
      await expect(page.getByRole("checkbox", { name: /video:read/ })).toBeChecked();
      for (const hidden of ["vault:", "ai:compute", "billing:"]) {
        await expect(page.locator("body")).not.toContainText(hidden);
      }
    });

    test("a name is text, whatever it looks like", async ({ page }) => {
      const name = '<img src=x onerror="document.title=\'taken\'"> & "co"';
      await create(page, name);
      await expect(page.getByRole("heading", { name })).toBeVisible();
      await expect(page.locator("main img")).toHaveCount(0);
      await expect(page).toHaveTitle("API keys · Ansdev");
    });
  });
}

test("a new key is copied with one press", async ({ page, mock, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: mock.url });
  await page.goto(`${mock.url}/dashboard/api-keys`);
  await create(page, "Copied");
  const key = await shownKey(page);
  await page.getByRole("button", { name: "Copy key" }).click();
  await expect(page.getByRole("status")).toHaveText("Copied");
  expect(await page.evaluate(async () => navigator.clipboard.readText())).toBe(key);
});

test("where the clipboard is closed, the key is marked for Ctrl+C", async ({ page, mock }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await page.goto(`${mock.url}/dashboard/api-keys`);
  await create(page, "Marked");
  const key = await shownKey(page);
  await page.getByRole("button", { name: "Copy key" }).click();
  await expect(page.getByRole("status")).toHaveText("Press Ctrl+C to copy it");
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(key);
});

test("the bar shows the share of the day's tokens, in another colour near its end", async ({ page, mock }) => {
  await page.goto(`${mock.url}/dashboard/api-keys`);
  const bar = page.getByRole("article", { name: "Seed" }).getByRole("meter");
  await expect(bar).toHaveAccessibleName("0 of 1000 tokens minted today");
  for (let taken = 0; taken < 3; taken++) expect(await mint(mock, mock.apiKey)).toBe(200);
  await page.reload();
  await expect(bar).toHaveAccessibleName("3 of 1000 tokens minted today");
  await expect(bar).toHaveJSProperty("value", 3);
  await expect(bar).toHaveJSProperty("max", 1000);
  await expect(bar).toHaveJSProperty("high", 900);
});

test("a form on another site is refused, though the browser sends the cookie", async ({ page, mock, site }) => {
  await page.goto(`${mock.url}/dashboard/api-keys`);
  site.route("/forged", (_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<form method="post" action="${mock.url}/dashboard/api-keys">
      <input name="name" value="Forged"><input name="scope" value="video:read"><button>Win a prize</button></form>`);
  });
  await page.goto(`${site.url}/forged`);
  // Another port of one host is the same site: SameSite=Strict does not keep the cookie back.
  const [request] = await Promise.all([
    page.waitForRequest((sent) => sent.method() === "POST"),
    page.getByRole("button").click(),
  ]);
  expect(await request.headerValue("cookie")).toContain("ansdev_session_");
  expect((await request.response())?.status()).toBe(403);
  await expect(page.getByRole("alert")).toContainText("The form was not made for this session");
  await page.goto(`${mock.url}/dashboard/api-keys`);
  await expect(page.getByRole("article")).toHaveCount(1);
});
