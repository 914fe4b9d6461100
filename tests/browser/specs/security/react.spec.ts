/** React keeps what components and hooks are given, where every script can read it, from any element. */
import { fileURLToPath } from "node:url";

import type { Page } from "@playwright/test";
import { build } from "esbuild";

import type { Site } from "../../support/site.ts";
import { expect, test } from "../../support/test.ts";

interface Shown {
  show(options: object, isCareless: boolean): Promise<void>;
  showHook(options: object): void;
}

async function open(page: Page, site: Site): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../pages/react/keys.tsx", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    // Without the paths of tsconfig.json: the built package, not its sources.
    tsconfigRaw: {},
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  site.route("/keys.js", (_request, response) => {
    response.writeHead(200, { "content-type": "text/javascript" }).end(outputFiles[0]?.text);
  });
  await page.goto(site.page("blank.html"));
  await page.addScriptTag({ type: "module", url: "/keys.js" });
}

const found = async (page: Page, apiKey: string) =>
  page.evaluate(async (key) => (await import("attack/nodes.js")).fromNodes(key), apiKey);

const show = async (page: Page, access: object, isCareless: boolean) => {
  await page.evaluate(async ([options, careless]) => (window as unknown as Shown).show(options, careless), [
    access,
    isCareless,
  ] as const);
  await page.waitForSelector("ansdev-video", { state: "attached" });
};

test("React: from no element does a way lead to the key of a client that was created outside", async ({
  page,
  mock,
  site,
}) => {
  await open(page, site);
  await show(page, mock.access, false);
  expect(await found(page, mock.apiKey)).toEqual({ loot: [], isReacts: true });
});

test("positive control: a key that a component keeps in a ref is found from its element", async ({
  page,
  mock,
  site,
}) => {
  await open(page, site);
  await show(page, mock.access, true);
  expect((await found(page, mock.apiKey)).loot.join("\n")).toContain("the key");
});

test("React: useAnsdevClient refuses a key with INVALID_OPTIONS, and keeps none of it", async ({
  page,
  mock,
  site,
}) => {
  await open(page, site);
  await page.evaluate((options) => {
    (window as unknown as Shown).showHook(options);
  }, mock.access);
  await expect(page.getByRole("alert")).toHaveText("INVALID_OPTIONS");
  expect(await found(page, mock.apiKey)).toEqual({ loot: [], isReacts: true });
  expect(await mock.journal()).toEqual([]);
});
