import { test as base } from "./backend.ts";

export { expect } from "@playwright/test";

/** `test` in Playwright's Chromium. A page that throws fails its test. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const thrown: Error[] = [];
    page.on("pageerror", (error) => thrown.push(error));
    await use(page);
    if (thrown.length > 0) throw new AggregateError(thrown, `The page threw: ${thrown.map(String).join("; ")}`);
  },
});
