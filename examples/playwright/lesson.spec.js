import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { test as base, expect } from "@playwright/test";

/** The mock of Ansdev: `cargo install --git https://github.com/ansdev/ansdev-player ansdev-mock-backend`. */
const MOCK = process.env.MOCK_BACKEND ?? "ansdev-mock-backend";

const test = base.extend({
  // One for each test, with tokens that live six seconds.
  ansdev: async ({}, use) => {
    const flags = ["--listen=127.0.0.1:0", "--seed=demo", "--ttl=6", "--control", "--json"];
    const mock = spawn(MOCK, flags, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface(mock.stdout), "line");
    await use(JSON.parse(line));
    mock.kill();
  },
  page: async ({ page, ansdev }, use) => {
    const lesson = ansdev.videos.find(({ encrypted }) => encrypted).id;
    const access = { apiKey: ansdev.apiKey, baseUrl: ansdev.url };
    await page.route("/config.json", (route) => route.fulfill({ json: { access, lesson } }));
    await page.goto("/");
    await use(page);
  },
});

const time = (page) => page.evaluate(() => document.querySelector("ansdev-video").currentTime);

test("the lesson outlives its first token", async ({ page }) => {
  await expect.poll(() => time(page), { timeout: 20_000 }).toBeGreaterThan(8);
  await expect(page.getByRole("alert")).toBeEmpty();
});

test("a revoked key is told to the viewer", async ({ page, ansdev, request }) => {
  await request.delete(`${ansdev.url}/_mock/keys/${ansdev.apiKey.slice(0, 12)}`);
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("unknown or was revoked");
});
