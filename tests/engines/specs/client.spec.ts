import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

test("`using` destroys what it holds, where the browser has it", async ({ page, mock }) => {
  const seen = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const client = await createClient(access);
    const session = await client.openSession("vid_clear");
    // Not in every browser that the types are for.
    const dispose = Symbol.dispose as symbol | undefined;
    if (dispose !== undefined) client[Symbol.dispose]();
    return { hasDispose: dispose !== undefined, state: session.state, stray: "undefined" in client };
  }, mock.access);
  expect(seen).toEqual({ ...seen, state: seen.hasDispose ? "destroyed" : "idle", stray: false });
});

test("a token is minted when one is asked for, not before; and events tell of it", async ({ page, mock }) => {
  const seen = await page.evaluate(async (access) => {
    const { createClient } = await import("@ansdev/player");
    const client = await createClient(access);
    const session = await client.openSession("vid_clear");
    const other = await client.openSession("vid_clear");
    const events: string[] = [];
    for (const type of ["statechange", "tokenrefreshing", "tokenrefreshed"] as const) {
      session.addEventListener(type, ({ detail }) => events.push(`${type} ${JSON.stringify(Object.keys(detail))}`));
    }
    const before = [session.state, session.expiresAt];
    const [token, again] = await Promise.all([session.getToken(), other.getToken()]);
    const late = await client.openSession("vid_clear");
    return {
      before,
      isShared: token === again,
      after: [session.state, other.state, late.state],
      life: Math.round(((session.expiresAt ?? 0) - Date.now()) / 1000),
      events: events.sort(),
      urls: [
        (await session.manifestUrl()).endsWith(token),
        (await session.playerUrl()).includes(token),
        (await session.resolve(`${access.baseUrl}/video/key/job_clear?n=1`)).endsWith(`/${token}/job_clear?n=1`),
        await session.resolve("https://elsewhere.example/video/key/job_clear"),
      ],
    };
  }, mock.access);
  expect(seen.before).toEqual(["idle", null]);
  expect(seen.isShared).toBe(true);
  expect(seen.after).toEqual(["live", "live", "live"]);
  expect(seen.life).toBeGreaterThan(295);
  expect(seen.life).toBeLessThanOrEqual(300);
  expect(new Set(seen.events)).toEqual(
    new Set([
      'statechange ["state","expiresAt"]',
      'tokenrefreshed ["videoId","reason","expiresAt"]',
      'tokenrefreshing ["videoId","reason"]',
    ]),
  );
  expect(seen.urls).toEqual([true, true, true, "https://elsewhere.example/video/key/job_clear"]);
  const minted = (await mock.journal()).filter(({ route, method }) => route === "mint" && method === "POST");
  expect(minted).toHaveLength(1);
});

test("what `getToken` throws or gives is TOKEN_PROVIDER_FAILED, with the cause", async ({ page, mock }) => {
  const errors = await page.evaluate(async (baseUrl) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const providers: (() => unknown)[] = [
      () => {
        throw new RangeError("no more");
      },
      () => Promise.reject(new RangeError("no more")),
      () => null,
      () => ({}),
      () => ({ token: "a/b" }),
      () => ({ token: "aa.bb.cc", expiresIn: 0 }),
      () => ({ token: "aa.bb.cc", expiresIn: "300" }),
    ];
    return Promise.all(
      providers.map(async (getToken) => {
        const client = await createClient({ getToken, baseUrl } as never);
        return rejection((await client.openSession("vid_clear")).getToken());
      }),
    );
  }, mock.url);
  for (const error of errors)
    expect(error).toMatchObject({ code: "TOKEN_PROVIDER_FAILED", retryable: true, fatal: false });
  expect(errors[0]?.cause).toMatchObject({ name: "RangeError", message: "no more" });
  expect(errors[1]?.cause).toMatchObject({ name: "RangeError", message: "no more" });
  for (const error of errors.slice(2)) expect(error?.message).toMatch(/`getToken`.*expected/);
});

test("what `getToken` throws with an HTTP status is judged by it: a 403 is final, a 503 is tried again", async ({
  page,
  mock,
}) => {
  const seen = await page.evaluate(async (baseUrl) => {
    const { createClient } = await import("@ansdev/player");
    const { rejection } = await import("film");
    const ask = async (status: number) => {
      let calls = 0;
      const getToken = () => {
        calls++;
        // As `if (!response.ok) throw response` does.
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw new Response(null, { status });
      };
      const session = await (await createClient({ getToken, baseUrl })).openSession("vid_clear");
      const willRetry: boolean[] = [];
      session.addEventListener("tokenerror", ({ detail }) => willRetry.push(detail.willRetry));
      const error = await rejection(session.getToken());
      return { error, calls, willRetry: willRetry[0], state: session.state };
    };
    return { forbidden: await ask(403), down: await ask(503) };
  }, mock.url);
  expect(seen.forbidden).toMatchObject({
    error: { code: "TOKEN_PROVIDER_FAILED", status: 403, retryable: false, fatal: true },
    calls: 1,
    willRetry: false,
    state: "failed",
  });
  expect(seen.down).toMatchObject({ error: { status: 503, retryable: true, fatal: false }, willRetry: true });
  expect(seen.down.calls).toBeGreaterThan(1);
});

test("the life of a provided token comes from the page, else from the JWT, else it is 300 s", async ({
  page,
  mock,
}) => {
  const lives = await page.evaluate(async (baseUrl) => {
    const { createClient } = await import("@ansdev/player");
    const jwt = (claims: object) => `e30.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.x`;
    const answers = [
      { token: jwt({ iat: 1000, exp: 1060 }), expiresIn: 90 },
      { token: jwt({ iat: 1000, exp: 1060 }) },
      { token: "opaque" },
    ];
    return Promise.all(
      answers.map(async (answer) => {
        const session = await (await createClient({ getToken: () => answer, baseUrl })).openSession("vid_clear");
        await session.getToken();
        return Math.round(((session.expiresAt ?? 0) - Date.now()) / 1000);
      }),
    );
  }, mock.url);
  expect(lives).toEqual([90, 60, 300]);
});

test("a token that nobody renews is over when it is over, although nothing wakes the core", async ({ page, mock }) => {
  const expiresAt = await page.evaluate(
    async ([access, id]) => {
      const { createClient } = await import("@ansdev/player");
      const client = await createClient({
        ...access,
        apiKey: undefined,
        getToken: () => ({ token: "aa.bb.cc", expiresIn: 1 }),
      });
      const session = await client.openSession(id);
      session.setActive(false);
      await session.getToken();
      Object.assign(window, { session });
      return session.expiresAt;
    },
    [mock.access, "vid_clear"] as const,
  );
  expect(expiresAt).not.toBeNull();
  const now = () =>
    page.evaluate(() => {
      const { state, expiresAt } = (window as unknown as { session: { state: string; expiresAt: number } }).session;
      return { state, expiresAt };
    });
  await expect.poll(now).toEqual({ state: "idle", expiresAt: null });
});
