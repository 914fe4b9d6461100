import type { Page } from "@playwright/test";

/** Looks for the key in everything that a page can reach, and everywhere where it can leave something. */
export async function traces(
  page: Page,
  access: object,
  entry = "@ansdev/player",
): Promise<import("attack/traces.js").Traces> {
  return page.evaluate(
    async (args) => {
      const attack = await import("attack/traces.js");
      return attack.traces(...args);
    },
    [entry, access] as const,
  );
}
