import { WHOLE_LIFE } from "../../support/attack/patched.ts";
import { traces } from "../../support/attack/traces.ts";
import { expect, test } from "../../support/test.ts";

test("walks of client, session, element, modules and window; events, errors, storage, DOM, history: no trace", async ({
  page,
  mock,
  site,
}) => {
  await page.goto(site.page("blank.html"));
  const seen = await traces(page, { ...mock.access, shareAcrossTabs: true });
  expect(seen.loot).toEqual([]);
  expect(seen.errors).toEqual(WHOLE_LIFE);
  expect(seen.hasEvents).toBe(true);
  expect(JSON.stringify(seen.overheard)).toContain("token");
});
