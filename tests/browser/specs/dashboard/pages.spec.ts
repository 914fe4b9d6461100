import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import type { Mock } from "../../support/mock.ts";
import { expect, test } from "../../support/test.ts";

/** Every page that the dashboard has, and how to come to it from the list of keys. */
const PAGES: Record<string, (page: Page, mock: Mock) => Promise<void>> = {
  "the list of keys": async () => Promise.resolve(),
  "the list with a key that was just made": async (page) => {
    await page.getByLabel("Name").fill("Just made");
    await page.getByRole("button", { name: "Create key" }).click();
    await expect(page.getByRole("button", { name: "Copy key" })).toBeVisible();
  },
  "the form with what is wrong with it": async (page) => {
    await page.getByRole("button", { name: "Create key" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
  },
  "the confirmation": async (page) => {
    await page.getByRole("link", { name: /^Revoke Seed/ }).click();
  },
  "the refusal": async (page, mock) => {
    await page.goto(`${mock.url}/dashboard/api-keys/999/revoke`);
    await expect(page.getByRole("alert")).toBeVisible();
  },
  "the list of videos": async (page) => {
    await page.getByRole("link", { name: "Videos" }).click();
  },
  "the player": async (page, mock) => {
    await page.goto(`${mock.url}/dashboard/videos/vid_single_key`);
    await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) > 1);
  },
};

/** Keys in every state: one that is nearly spent, one revoked, one expired. */
async function fill(mock: Mock): Promise<void> {
  const spent = await mock.createKey({ name: "Nearly spent", quota: 10 });
  for (let taken = 0; taken < 9; taken++) {
    const headers = { "x-ansdev-key": spent };
    await fetch(`${mock.url}/v1/video/vid_clear/playback-token`, { method: "POST", headers });
  }
  await mock.revoke(await mock.createKey({ name: "Revoked" }));
  await mock.createKey({ name: "Expired", expiresAt: new Date((await mock.now()) + 1000).toISOString() });
  await mock.advance(2);
}

test.beforeEach(async ({ page, mock }) => {
  await fill(mock);
  await page.goto(`${mock.url}/dashboard/api-keys`);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme });
    for (const [name, open] of Object.entries(PAGES)) {
      test(`${name} is accessible, and fits a narrow window`, async ({ page, mock }) => {
        await open(page, mock);
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        expect(violations).toEqual([]);
        expect(passes.map(({ id }) => id)).toContain("color-contrast");

        await page.setViewportSize({ width: 320, height: 640 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      });
    }
  });
}

test("the policy is strict, and no page runs into it", async ({ page, mock }) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  for (const open of Object.values(PAGES)) {
    await page.goto(`${mock.url}/dashboard/api-keys`);
    await open(page, mock);
  }
  expect(complaints).toEqual([]);

  const taken = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.taken = true";
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", '<p style="color: red">inline</p>');
    return "taken" in window;
  });
  expect(taken).toBe(false);
  // Control: what breaks the policy is heard of.
  await expect.poll(() => complaints.length).toBe(2);
});

test("a key is made, copied and revoked with the keyboard alone", async ({ page, mock }) => {
  const focused = async (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return "nothing";
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const isRinged = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      const name = element.ariaLabel ?? ((element as HTMLInputElement).labels?.[0] ?? element).textContent;
      return `${name.trim()}${isRinged ? "" : " (without a ring)"}`;
    });
  const tabTo = async (name: string | RegExp): Promise<void> => {
    // With its styles, of which the ring is one.
    await page.waitForLoadState();
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      const now = await focused();
      expect(now).not.toContain("without a ring");
      if (typeof name === "string" ? now.startsWith(name) : name.test(now)) return;
    }
    throw new Error(`Tab does not lead to ${String(name)}`);
  };

  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await tabTo("Name");
  await page.keyboard.type("By hand");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your new API key" })).toBeVisible();
  await tabTo("New API key");
  await tabTo("Copy key");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).not.toBeEmpty();
  await tabTo(/^Revoke By hand/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Revoke this key?" })).toBeVisible();
  await tabTo("Revoke key");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article", { name: "By hand" })).toContainText("Revoked");
  expect(page.url()).toBe(`${mock.url}/dashboard/api-keys`);
});

test("the dashboard's player plays with the session's cookie", async ({ page, mock, browser }) => {
  await page.getByRole("link", { name: "Videos" }).click();
  await page.getByRole("link", { name: "Play A key URI every four seconds" }).click();
  await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) > 1);
  await page.locator("video").evaluate((video: HTMLVideoElement) => video.play());
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 5);
  const journal = await mock.journal();
  const keys = journal.filter(({ route }) => route === "key");
  expect(keys.length).toBeGreaterThanOrEqual(2);
  expect(new Set(keys.map(({ path, status }) => `${path} ${String(status)}`))).toEqual(
    new Set(["/video/key/job_rotating_keys 200"]),
  );
  expect((await mock.mints()).filter(({ status }) => status === 200)).toHaveLength(9);

  // Control: without the cookie the same address is closed.
  const stranger = await browser.newContext();
  const answer = await stranger.request.get(`${mock.url}/video/key/job_rotating_keys`);
  expect(answer.status()).toBe(401);
  await stranger.close();
});
