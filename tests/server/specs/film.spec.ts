import { join } from "node:path";

import { expect, test } from "../../browser/support/test.ts";
import { type Access, Program, ROOT } from "../support/program.ts";

const RUST = process.env["TOKEN_ENDPOINT"] ?? join(ROOT, "target/debug/ansdev-token-endpoint");
const EXAMPLES: Record<string, (access: Access) => Promise<Program>> = {
  express: (access) => Program.start(["node", "server.js"], access, { cwd: join(ROOT, "examples/express") }),
  "token-endpoint": (access) => Program.start([RUST], access),
};

test.use({ mockFlags: ["--ttl", "6"] });

for (const [name, start] of Object.entries(EXAMPLES)) {
  test(`examples/${name}: the film plays past its renewals, and the page never has the key`, async ({ page, mock }) => {
    const server = await start({ apiKey: mock.apiKey, baseUrl: mock.url });
    try {
      // A page that Playwright answers counts as one of the internet; so it needs leave to reach loopback.
      await page.context().grantPermissions(["local-network-access"]);
      // As its reader would do: a video of their own. The mock in the vendor's place, and the build in the CDN's.
      await page.route(`${server.url}/`, async (route) => {
        const response = await route.fetch();
        const body = (await response.text())
          .replace("YOUR_VIDEO", "vid_ten_minutes")
          .replace('tokenEndpoint("/tokens")', `tokenEndpoint("/tokens"), baseUrl: ${JSON.stringify(mock.url)}`);
        expect(body).toContain(mock.url);
        await route.fulfill({ response, body });
      });
      await page.route("https://cdn.jsdelivr.net/npm/@ansdev/player/dist/*", async (route) => {
        const file = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
        await route.fulfill({
          path: join(ROOT, "js/dist", file),
          contentType: "text/javascript",
          headers: { "access-control-allow-origin": "*" },
        });
      });
      const sent: string[] = [];
      const reasons: unknown[] = [];
      page.on("request", (request) => {
        sent.push(JSON.stringify([request.url(), request.headers()]));
        if (request.url().includes("/tokens/")) reasons.push(request.postDataJSON());
      });
      await page.goto(`${server.url}/`);
      await page.waitForFunction(
        () => (document.querySelector<HTMLVideoElement>("ansdev-video")?.currentTime ?? 0) > 14,
      );
      await expect(page.getByRole("alert")).toBeEmpty();
      const minted = (await mock.mints()).filter(({ status }) => status === 200);
      expect(minted.length).toBeGreaterThanOrEqual(3);
      expect(reasons.slice(0, 3)).toEqual([{ reason: "initial" }, { reason: "refresh" }, { reason: "refresh" }]);
      expect(sent.filter((request) => request.includes(mock.apiKey))).toEqual([]);
    } finally {
      await server.stop();
    }
  });
}
