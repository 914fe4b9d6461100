import config from "../playwright.config.ts";
import { HAS_DOCS } from "../support/mock.ts";
import { expect, test } from "../support/test.ts";

const { launchOptions } = config.use ?? {};

/** A name whose owner makes it point to this machine, as DNS rebinding does. */
const NAME = "rebound.example";

test.use({
  mockFlags: ["--allow-host", "mock.example"],
  launchOptions: {
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), `--host-resolver-rules=MAP *.example 127.0.0.1`],
  },
});

/** What a page of the mock's own origin gets from it. */
async function asked(hasDocs: boolean): Promise<{ path: string; status: number; text: string }[]> {
  const requests: [string, RequestInit?][] = [
    ["/demo/config.json"],
    ["/dashboard/api-keys"],
    ["/_mock/journal"],
    ["/_mock/keys", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }],
    ...(hasDocs ? [["/docs/"] as [string]] : []),
  ];
  return Promise.all(
    requests.map(async ([path, init]) => {
      const response = await fetch(path, init);
      return { path, status: response.status, text: await response.text() };
    }),
  );
}

test("a page on a name that was made to point here gets no key and makes none", async ({ page, mock }) => {
  const there = new URL(mock.url);
  there.hostname = NAME;
  // The API answers under every name, so a page of this origin can be had.
  await page.goto(`${there.origin}/v1/video`);
  for (const { path, status, text } of await page.evaluate(asked, HAS_DOCS)) {
    expect({ path, status }).toEqual({ path, status: 421 });
    expect(text).toContain("--allow-host");
    expect(text).not.toContain(mock.apiKey);
  }
  // Control: the same page under a name that was allowed, and under the mock's own.
  for (const origin of [there.origin.replace(NAME, "mock.example"), mock.url]) {
    await page.goto(`${origin}/v1/video`);
    const answers = await page.evaluate(asked, HAS_DOCS);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 201, ...(HAS_DOCS ? [200] : [])]);
    expect(answers[0]?.text).toContain(mock.apiKey);
  }
});
