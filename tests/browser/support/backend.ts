import { test as base } from "@playwright/test";

import { Mock } from "./mock.ts";
import { Site } from "./site.ts";

interface Fixtures {
  /** More flags for the mock backend. */
  mockFlags: string[];
  /** A mock backend of the test's own. */
  mock: Mock;
  /** A web server of the test's own. */
  site: Site;
}

/** Playwright's `test`, with a mock backend and a site for each test, whatever browser the test is for. */
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
});
