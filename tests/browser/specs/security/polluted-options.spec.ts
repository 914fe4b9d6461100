import { Secret } from "../../pages/attack/secret.js";
import { serveLeaky } from "../../support/attack/leaky-build.ts";
import { Stranger } from "../../support/attack/stranger.ts";
import { expect, test } from "../../support/test.ts";

/** Makes a client with a relative `baseUrl`, in a page where scripts left options and a base address of their own. */
async function mint(page: import("@playwright/test").Page, entry: string, apiKey: string, evil: string): Promise<void> {
  await page.evaluate(
    async ([module, key, elsewhere]) => {
      const { createClient } = (await import(module)) as typeof import("@ansdev/player");
      const base = document.createElement("base");
      base.href = `${elsewhere}/`;
      document.head.append(base);
      const polluted = { workerUrl: `${elsewhere}/worker.js`, wasmUrl: `${elsewhere}/x.wasm`, isolation: "page" };
      Object.assign(Object.prototype, polluted);
      try {
        const client = await createClient({ apiKey: key, baseUrl: "/api" });
        if (client.isolation !== "worker") throw new Error(`The isolation is ${client.isolation}`);
        await client.videos.get("vid_clear").catch(() => undefined);
      } finally {
        for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
        base.remove();
      }
    },
    [entry, apiKey, evil] as const,
  );
}

test("options on Object.prototype and an injected base element send the key nowhere else", async ({
  page,
  mock,
  site,
}) => {
  const stranger = await Stranger.start();
  await page.goto(site.page("blank.html"));
  await mint(page, "@ansdev/player", mock.apiKey, stranger.url);
  expect(stranger.requests).toEqual([]);
  stranger.stop();
});

test("is found: an address counted from the document's base", async ({ page, mock, site }) => {
  const stranger = await Stranger.start();
  const change = { file: "client/options.ts", from: "(value, pageAddress)", to: "(value, document.baseURI)" };
  const entry = await serveLeaky(site, [change]);
  await page.goto(site.page("blank.html"));
  await mint(page, site.url + entry, mock.apiKey, stranger.url);
  const secret = new Secret(mock.apiKey);
  expect(stranger.requests.some((request) => secret.isInText(request))).toBe(true);
  stranger.stop();
});

test("is found: options that only Object.prototype has", async ({ page, mock, site }) => {
  const stranger = await Stranger.start();
  const change = {
    file: "client/create-client.ts",
    from: "const given = copyOptions(options);",
    to: "const given = { named: options } as unknown as Given;",
  };
  const entry = await serveLeaky(site, [change]);
  await page.goto(site.page("blank.html"));
  await expect(mint(page, site.url + entry, mock.apiKey, stranger.url)).rejects.toThrow();
  stranger.stop();
});
