import { build } from "esbuild";

import { expect, test } from "../support/test.ts";

// What a minifier makes of a page's script, with every escape undone that it can undo.
test("a page that names no character set gets the default build as it is", async ({ page, mock, site }) => {
  const { outputFiles } = await build({
    stdin: {
      contents: "import { createClient } from '@ansdev/player'; window.createClient = createClient;",
      resolveDir: import.meta.dirname,
    },
    // The built package, not the sources to which the tests' tsconfig points.
    tsconfigRaw: {},
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "iife",
    logLevel: "error",
    write: false,
  });
  const script = outputFiles[0]?.contents ?? new Uint8Array();
  site.route("/no-charset.js", (_request, response) => {
    response.writeHead(200, { "content-type": "text/javascript" }).end(script);
  });
  site.route("/no-charset.html", (_request, response) => {
    response
      .writeHead(200, { "content-type": "text/html" })
      .end('<!doctype html><script src="no-charset.js"></script>');
  });
  await page.goto(site.page("no-charset.html"));
  expect(await page.evaluate(() => document.characterSet)).toBe("windows-1252");
  const prefix = await page.evaluate(async (access) => {
    const { createClient } = window as unknown as typeof import("@ansdev/player");
    return (await createClient(access)).keyPrefix;
  }, mock.access);
  expect(prefix).toBe(mock.access.apiKey.slice(0, 12));
});
