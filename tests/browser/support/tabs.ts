import type { BrowserContext } from "@playwright/test";

import { freePort } from "./free-port.ts";
import { test as base } from "./test.ts";

export { expect } from "./test.ts";

/** What Playwright turns off, because it makes tests slow; and what a user's browser does to tabs. */
const LIFE_OF_TABS = [
  "--disable-back-forward-cache",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

/**
 * `test` with tabs as a user's browser has them. Playwright tells every page that it is visible and has the focus; here
 * the tab in front is visible, those behind it are hidden and throttled, and pages that were left wait in the
 * back/forward cache.
 */
export const test = base.extend<object, { tabs: BrowserContext }>({
  tabs: [
    async ({ playwright, launchOptions }, use) => {
      const port = await freePort();
      const { args = [], ...options } = launchOptions;
      const launched = await playwright.chromium.launch({
        ...options,
        args: [...args, `--remote-debugging-port=${String(port)}`],
        ignoreDefaultArgs: LIFE_OF_TABS,
      });
      // A second connection, because only there Playwright can be told to leave pages as they are.
      const connected = await playwright.chromium.connectOverCDP(`http://127.0.0.1:${String(port)}`, {
        noDefaults: true,
      });
      const [context] = connected.contexts();
      if (context === undefined) throw new Error("The browser has no default context");
      await use(context);
      await connected.close();
      await launched.close();
    },
    { scope: "worker" },
  ],
  context: async ({ tabs }, use) => {
    await use(tabs);
    await Promise.all(tabs.pages().map(async (page) => page.close()));
  },
});
