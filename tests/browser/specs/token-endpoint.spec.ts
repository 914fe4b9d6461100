import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { expect, test } from "../support/test.ts";

const PROGRAM =
  process.env["TOKEN_ENDPOINT"] ??
  fileURLToPath(new URL("../../../target/debug/ansdev-token-endpoint", import.meta.url));
const DIST = fileURLToPath(new URL("../../../js/dist/", import.meta.url));

test.use({ mockFlags: ["--ttl", "6"] });

test("examples/token-endpoint: the film plays past its renewals, and the page never has the key", async ({
  page,
  mock,
}) => {
  const server = spawn(PROGRAM, {
    env: { ...process.env, ANSDEV_API_KEY: mock.apiKey, ANSDEV_BASE_URL: mock.url, LISTEN: "127.0.0.1:0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [url] = (await once(createInterface(server.stdout), "line")) as [string];
    // A page that Playwright answers counts as one of the internet; so it needs leave to reach loopback.
    await page.context().grantPermissions(["local-network-access"]);
    // As its reader would do: a video of their own. The mock in the vendor's place, and the build in the CDN's.
    await page.route(`${url}/`, async (route) => {
      const response = await route.fetch();
      const body = (await response.text())
        .replace("YOUR_VIDEO", "vid_ten_minutes")
        .replace("createClient({ getToken })", `createClient({ getToken, baseUrl: ${JSON.stringify(mock.url)} })`);
      await route.fulfill({ response, body });
    });
    await page.route("https://cdn.jsdelivr.net/npm/@ansdev/player/dist/*", async (route) => {
      const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
      await route.fulfill({
        path: `${DIST}${name}`,
        contentType: "text/javascript",
        headers: { "access-control-allow-origin": "*" },
      });
    });
    const sent: string[] = [];
    page.on("request", (request) => sent.push(JSON.stringify([request.url(), request.headers()])));
    await page.goto(`${url}/`);
    await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 8);
    await expect(page.getByRole("alert")).toBeEmpty();
    expect((await mock.mints()).length).toBeGreaterThanOrEqual(2);
    expect(sent.filter((request) => request.includes(mock.apiKey))).toEqual([]);

    const refused = await page.evaluate(async () => {
      const response = await fetch("/tokens/vid_nowhere", { method: "POST" });
      return { status: response.status, body: (await response.json()) as unknown };
    });
    expect(refused).toEqual({ status: 404, body: { code: "VIDEO_NOT_FOUND" } });
  } finally {
    server.kill();
  }
});
