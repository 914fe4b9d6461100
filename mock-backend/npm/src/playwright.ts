/**
 * A mock for each test of Playwright's.
 *
 * @packageDocumentation
 */
import type { Fixtures } from "@playwright/test";

import { type MockBackend, type MockBackendOptions, startMockBackend } from "./index.js";

/** What a test gets. */
export interface AnsdevFixtures {
  /** A mock of the test's own, which stops with the test. */
  ansdev: MockBackend;
}

/**
 * A fixture `ansdev`: `const test = base.extend(ansdev({ ttl: 6 }))`.
 *
 * @param options - What {@link startMockBackend} takes
 */
export function ansdev(options: MockBackendOptions = {}): Fixtures<AnsdevFixtures> {
  return {
    // Playwright reads the pattern to know what the fixture needs: nothing.
    // eslint-disable-next-line no-empty-pattern
    ansdev: async ({}, use) => {
      const mock = await startMockBackend(options);
      try {
        await use(mock);
      } finally {
        await mock.stop();
      }
    },
  };
}
