import { expect, lastSegment, test, yes } from "../../support/endpoint.ts";
import { createTokenEndpoint, nodeHandler } from "../../support/built.ts";

const VIDEO = "vid_rotating_keys";

test("a page of another site, in a real browser, gets no token with the viewer's cookies, and costs none", async ({
  page,
  site,
  serve,
  mock,
}) => {
  const { asked, authorize } = yes();
  const endpoint = createTokenEndpoint({ apiKey: mock.apiKey, baseUrl: mock.url, authorize });
  const handler = nodeHandler(endpoint, lastSegment);
  const statuses: number[] = [];
  const own = await serve((request, response) => {
    if (request.url === "/") {
      response
        .writeHead(200, { "content-type": "text/html", "set-cookie": "session=a; SameSite=Lax" })
        .end('<link rel="icon" href="data:,"><title>Own</title>');
      return;
    }
    response.on("finish", () => statuses.push(response.statusCode));
    handler(request, response);
  });
  const asks = (url: string): Promise<number> =>
    page.evaluate(async (url) => (await fetch(url, { method: "POST" })).status, url);
  await page.goto(own);
  expect(await asks(`${own}/tokens/${VIDEO}`), "the control: the site's own page").toBe(200);
  expect(asked).toHaveLength(1);

  // Another site for the browser: the same address by another name.
  const other = new URL(site.page("blank.html"));
  other.hostname = "localhost";
  await page.route(`${other.origin}/**`, async (route) => {
    await route.fulfill({
      response: await route.fetch({ url: route.request().url().replace("localhost", "127.0.0.1") }),
    });
  });
  await page.context().grantPermissions(["local-network-access"], { origin: other.origin });
  await page.goto(other.href);
  const url = `${own}/tokens/${VIDEO}`;
  await page.evaluate(async (url) => {
    await fetch(url, { method: "POST", mode: "no-cors", credentials: "include" });
    await fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" });
    navigator.sendBeacon(url, "{}");
    const frame = document.createElement("iframe");
    frame.name = "frame";
    document.body.append(frame);
    const form = document.createElement("form");
    Object.assign(form, { method: "POST", action: url, target: "frame" });
    document.body.append(form);
    form.submit();
  }, url);
  await expect.poll(() => statuses).toEqual([200, 403, 403, 403, 403]);
  expect(asked).toHaveLength(1);
  expect(await mock.mints()).toHaveLength(1);
});
