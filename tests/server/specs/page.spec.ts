import { createTokenEndpoint, nodeHandler } from "../support/built.ts";
import { expect, lastSegment, test } from "../support/endpoint.ts";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
  await page.addScriptTag({ url: `${site.url}/sdk/ansdev-player.global.js` });
});

declare const Ansdev: typeof import("@ansdev/player");

test("it posts the reason to the video's own path, with the page's cookies and headers", async ({ page, site }) => {
  const asked: unknown[] = [];
  site.route("/api/tokens/vid a/b?", async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { cookie, "content-type": type, "x-team": team } = request.headers;
    asked.push([request.method, request.url, cookie, type, team, body]);
    response.writeHead(200, { "content-type": "application/json" }).end('{"token":"t","expiresIn":7}');
  });
  const provided = await page.evaluate(async () => {
    document.cookie = "session=a";
    const getToken = Ansdev.tokenEndpoint("/api/tokens/?team=7", {
      headers: { "X-Team": "7", "Content-Type": "text/plain" },
    });
    return getToken({ videoId: "vid a/b?", reason: "rejected", signal: new AbortController().signal });
  });
  expect(provided).toEqual({ token: "t", expiresIn: 7 });
  expect(asked).toEqual([
    ["POST", "/api/tokens/vid%20a%2Fb%3F?team=7", "session=a", "application/json", "7", '{"reason":"rejected"}'],
  ]);
});

test("another origin gets no cookies, unless init says so", async ({ page, serve }) => {
  const cookies: unknown[] = [];
  const url = await serve((request, response) => {
    const origin = String(request.headers.origin);
    response.setHeader("access-control-allow-origin", origin).setHeader("access-control-allow-credentials", "true");
    response.setHeader("access-control-allow-headers", "content-type");
    if (request.method === "POST") cookies.push(request.headers.cookie ?? "none");
    response.end('{"token":"t"}');
  });
  await page.evaluate(async (other) => {
    document.cookie = "session=a";
    const asked = { videoId: "v", reason: "initial", signal: new AbortController().signal } as const;
    await Ansdev.tokenEndpoint(new URL(other))(asked);
    await Ansdev.tokenEndpoint(other, { credentials: "include" })(asked);
  }, url);
  expect(cookies).toEqual(["none", "session=a"]);
});

test("what is not ok is thrown whole", async ({ page, site }) => {
  site.route("/tokens/v", (_request, response) => {
    response.writeHead(429, { "retry-after": "77", "content-type": "application/json" }).end('{"code":"SLOWLY"}');
  });
  const thrown = await page.evaluate(async () => {
    const asked = { videoId: "v", reason: "initial", signal: new AbortController().signal } as const;
    const error: unknown = await Promise.resolve(Ansdev.tokenEndpoint("/tokens")(asked)).catch(
      (error: unknown) => error,
    );
    return error instanceof Response && [error.status, error.headers.get("retry-after"), await error.json()];
  });
  expect(thrown).toEqual([429, "77", { code: "SLOWLY" }]);
});

test("its signal ends the request", async ({ page, site }) => {
  let isClosed = false;
  let isReached = (): void => undefined;
  const reached = new Promise<void>((resolve) => (isReached = resolve));
  site.route("/tokens/v", (_request, response) => {
    response.on("close", () => (isClosed = true));
    isReached();
  });
  const controller = await page.evaluateHandle(() => new AbortController());
  const name = page.evaluate(async ({ signal }) => {
    const answer = Ansdev.tokenEndpoint("/tokens")({ videoId: "v", reason: "initial", signal });
    return Promise.resolve(answer).catch((error: unknown) => (error as Error).name);
  }, controller);
  await reached;
  await controller.evaluate((controller) => {
    controller.abort();
  });
  expect(await name).toBe("AbortError");
  await expect.poll(() => isClosed).toBe(true);
});

test("an injected <base> sends the request nowhere else", async ({ page, site }) => {
  const reached: string[] = [];
  site.route("/tokens/v", (request, response) => {
    reached.push(String(request.headers.host));
    response.writeHead(200, { "content-type": "application/json" }).end('{"token":"t"}');
  });
  await page.evaluate(async () => {
    const base = document.createElement("base");
    base.href = "https://evil.example/";
    document.head.append(base);
    const asked = { videoId: "v", reason: "initial", signal: new AbortController().signal } as const;
    await Ansdev.tokenEndpoint("/tokens")(asked);
  });
  expect(reached).toEqual([new URL(site.url).host]);
});

const WRONG: { url: unknown; init?: unknown }[] = [
  { url: undefined },
  { url: "" },
  { url: null },
  { url: 7 },
  { url: {} },
  { url: "http://" },
  { url: "/tokens", init: null },
  { url: "/tokens", init: "POST" },
  { url: "/tokens", init: { method: "PUT" } },
  { url: "/tokens", init: { body: "x" } },
  { url: "/tokens", init: { signal: null } },
  { url: "/tokens", init: { headers: "x" } },
  { url: "/tokens", init: { headers: { "bad name": "x" } } },
  { url: "/tokens", init: { credentials: "sometimes" } },
];

test("wrong arguments are INVALID_OPTIONS at once", async ({ page }) => {
  const told = await page.evaluate(
    (calls) =>
      calls.map(({ url, init }) => {
        try {
          Ansdev.tokenEndpoint(url as string, init as never);
          return "taken";
        } catch (error) {
          return (error as { code: string }).code;
        }
      }),
    WRONG,
  );
  expect(told).toEqual(WRONG.map(() => "INVALID_OPTIONS"));
});

test("options that a script left on Object.prototype are nobody's", async ({ page, site }) => {
  const asked = new Promise<string | undefined>((resolve) => {
    site.route("/tokens/vid_1", (request, response) => {
      resolve(request.headers["x-left"] as string | undefined);
      response.writeHead(503).end();
    });
  });
  const told = await page.evaluate(async () => {
    Object.assign(Object.prototype, { headers: { "x-left": "1" }, method: "PUT", signal: "none", redirect: "error" });
    try {
      await Ansdev.tokenEndpoint("/tokens")({
        videoId: "vid_1",
        reason: "initial",
        signal: new AbortController().signal,
      });
      return "given";
    } catch (error) {
      return (error as { status: number }).status;
    }
  });
  expect(told).toBe(503);
  expect(await asked).toBeUndefined();
});

test("the two halves together: what the server says of a video reaches the page's error", async ({
  page,
  site,
  mock,
}) => {
  const endpoint = createTokenEndpoint({ apiKey: mock.apiKey, baseUrl: mock.url, authorize: () => true });
  for (const videoId of ["vid_nowhere", "vid_in_the_making"]) {
    site.route(`/tokens/${videoId}`, nodeHandler(endpoint, lastSegment));
  }
  const errors = await page.evaluate(async (baseUrl) => {
    const client = await Ansdev.createClient({ getToken: Ansdev.tokenEndpoint("/tokens"), baseUrl });
    return Promise.all(
      ["vid_nowhere", "vid_in_the_making"].map(async (videoId) => {
        const session = await client.openSession(videoId);
        return session.getToken().catch((error: unknown) => {
          const { code, status, fatal } = error as import("@ansdev/player").AnsdevError;
          return [code, status, fatal];
        });
      }),
    );
  }, mock.url);
  expect(errors).toEqual([
    ["TOKEN_PROVIDER_FAILED", 404, true],
    ["TOKEN_PROVIDER_FAILED", 400, true],
  ]);
});
