import type { PlaywrightTestArgs, PlaywrightWorkerArgs, TestType } from "@playwright/test";

import { test as backend } from "../../browser/support/backend.ts";
import { Browser } from "./browser.ts";
import type { EngineName } from "./engine.ts";
import { Tab } from "./tab.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** A page of the engine's. One that throws fails its test. */
  page: Tab;
}

interface WorkerFixtures {
  /** Which engine the project is for. */
  engine: EngineName;
  /** One browser for all tests of a worker: each test has a site, and so an origin, of its own. */
  engineBrowser: Browser;
}

const test_ = backend.extend<object, WorkerFixtures>({
  engine: ["chromium", { option: true, scope: "worker" }],
  engineBrowser: [
    async ({ engine }, use) => {
      const browser = await Browser.start(engine);
      await use(browser);
      await browser.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  page: async ({ engineBrowser }, use) => {
    const tab = new Tab(engineBrowser.driver);
    await use(tab as never);
    const thrown = await tab.thrown();
    // What the test has left in the page ends with it.
    await engineBrowser.driver.get("about:blank");
    if (thrown.length > 0) throw new Error(`The page threw: ${thrown.join("; ")}`);
  },
});

type Backend =
  typeof backend extends TestType<infer Args, PlaywrightWorkerArgs & infer Worker> ? [Args, Worker] : never;

/** Playwright's `test` in every engine, without what Playwright itself can only do in its own browsers. */
export const test = test_ as unknown as TestType<
  Omit<Backend[0], keyof PlaywrightTestArgs> & Fixtures,
  Omit<Backend[1], keyof PlaywrightWorkerArgs> & WorkerFixtures
>;
