import { test as base } from "@playwright/test";

import { Mock } from "./mock.ts";
import { Site } from "./site.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** More flags for the mock backend. */
  mockFlags: string[];
  /** A mock backend of the test's own. */
  mock: Mock;
  /** A web server of the test's own. */
  site: Site;
}

/** Playwright's `test`, with a mock backend and a site for each test. A page that throws fails its test. */
export const test = base.extend<Fixtures>({
  mockFlags: [[], { option: true }],
  mock: async ({ mockFlags }, use) => {
    const mock = await Mock.start(...mockFlags);
    await use(mock);
    await mock.stop();
  },
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  site: async ({}, use) => {
    const site = await Site.start();
    await use(site);
    site.stop();
  },
  page: async ({ page }, use) => {
    const thrown: Error[] = [];
    page.on("pageerror", (error) => thrown.push(error));
    await use(page);
    if (thrown.length > 0) throw new AggregateError(thrown, `The page threw: ${thrown.map(String).join("; ")}`);
  },
});
