import { expect, test } from "../../browser/support/test.ts";

test("without a socket, in a browser: a mock in the page answers what fetch is asked", async ({ page, site }) => {
  site.folder("/mock/", "mock-backend/npm/dist");
  await page.goto(site.page("blank.html"));
  const outcome = await page.evaluate(async () => {
    const { createMockBackend } = (await import(
      `${location.origin}/mock/fetch.js`
    )) as typeof import("@ansdev/mock-backend/fetch");
    const mock = await createMockBackend({ ttl: 6 });
    const headers = { "x-ansdev-key": mock.apiKey };
    const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
      mock.fetch(new Request(`http://api.test${path}`, { headers, ...init }));
    const minted = await ask("/v1/video/vid_single_key/playback-token", { method: "POST" });
    const { data } = (await minted.json()) as { data: { token: string; playerUrl: string } };
    const playlist = await (await ask(`/v1/video/playback/manifest/${data.token}`)).text();
    const segment = /^http:\/\/api\.test(\/cdn\/.*)$/m.exec(playlist)?.[1] ?? "";
    const bytes = (await (await ask(segment)).arrayBuffer()).byteLength;
    mock.setFault({ route: "list", kind: "latency", value: 50, times: 1 });
    const late = (await ask("/v1/video")).status;
    mock.advance(8);
    const expired = (await ask(`/v1/video/playback/manifest/${data.token}`)).status;
    const routes = mock.journal().map(({ route }) => route);
    mock.stop();
    const stopped = await ask("/v1/video").catch((error: unknown) => String(error));
    return { playerUrl: data.playerUrl, isEncrypted: bytes > 0 && bytes % 16 === 0, late, expired, routes, stopped };
  });
  expect(outcome).toEqual({
    playerUrl: expect.stringMatching(/^http:\/\/api\.test\/player\//) as unknown,
    isEncrypted: true,
    late: 200,
    expired: 401,
    routes: ["mint", "manifest", "segment", "list", "manifest"],
    stopped: "MockBackendError: The mock backend was stopped.",
  });
});
