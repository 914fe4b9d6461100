/** Attackers outside of the page: other tabs, and scripts that find its objects. */
import { serveLeaky } from "../../support/attack/leaky-build.ts";
import { expect, test } from "../../support/test.ts";

interface Page {
  client: import("@ansdev/player").Client;
  session: import("@ansdev/player").Session;
}

test.describe("other tabs", () => {
  const open = async (page: import("@playwright/test").Page, access: object) => {
    await page.evaluate(async (options) => {
      const { createClient } = await import("@ansdev/player");
      const client = await createClient({ ...options, shareAcrossTabs: true } as never);
      Object.assign(window, { client, session: await client.openSession("vid_clear") });
    }, access);
  };
  const token = async (page: import("@playwright/test").Page) =>
    page.evaluate(() => (window as unknown as Page).session.getToken());

  test("acts: forged messages on the tabs' channel change neither a token nor the player's address", async ({
    page,
    mock,
    site,
  }) => {
    await page.goto(site.page("blank.html"));
    await open(page, mock.access);
    const own = await token(page);
    const said = await page.evaluate(async (url) => (await import("attack/tabs.js")).lie(url, 1_000), mock.url);
    expect(said, "the control: the tab hears that channel").toBe(own);
    expect(await token(page)).toBe(own);
    expect(await page.evaluate(() => (window as unknown as Page).session.playerUrl())).toMatch(/^http/);
    expect(await mock.mints()).toHaveLength(1);
  });

  test("acts: a script that holds every turn and answers with false tokens costs a bounded delay and no token", async ({
    page,
    mock,
    site,
  }) => {
    await page.goto(site.page("blank.html"));
    await page.evaluate(async (url) => {
      (await import("attack/tabs.js")).hold(url);
    }, mock.url);
    await expect.poll(() => page.evaluate(async () => (await navigator.locks.query()).held?.length)).toBe(2);
    await open(page, mock.access);
    const began = Date.now();
    // Whatever the first one is: the server refuses what it did not sign, and then the tab mints for itself.
    const good = await page.evaluate(async () => {
      const { session } = window as unknown as Page;
      for (;;) {
        const given = await session.getToken();
        const response = await fetch(await session.manifestUrl());
        if (response.ok) return given;
        session.invalidate(response.url);
      }
    });
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(await mock.mints()).toHaveLength(1);
    await page.evaluate(async (url) => (await import("attack/tabs.js")).lie(url, 10), mock.url);
    expect(await token(page)).toBe(good);
  });
});

test.describe("a script that finds element.client", () => {
  const show = async (page: import("@playwright/test").Page, access: object) => {
    await page.evaluate(async (options) => {
      const { createClient } = await import("@ansdev/player");
      await import("@ansdev/player/element");
      const element = document.createElement("ansdev-video");
      element.client = await createClient(options as never);
      document.body.append(element);
    }, access);
  };

  test("acts: with videoIds the finder of a client gets no list, and no token for another video", async ({
    page,
    mock,
    site,
  }) => {
    await page.goto(site.page("blank.html"));
    await show(page, { ...mock.access, videoIds: ["vid_clear"] });
    const found = await page.evaluate(async () => (await import("attack/finder.js")).find());
    const refused = "INVALID_OPTIONS";
    expect(found).toMatchObject({ list: refused, another: refused, nearly: refused, own: "done" });
    const asked = (await mock.journal()).filter(({ method }) => method !== "OPTIONS").map(({ path }) => path);
    expect(asked).toEqual([expect.stringContaining("vid_clear")]);
  });

  /** Setters for the members of lists, which put another id beside the one that is written. */
  const widen = () => {
    for (const prototype of [Array.prototype, Object.prototype]) {
      Object.defineProperty(prototype, "0", {
        configurable: true,
        set(this: object, value: unknown) {
          const put = (name: string, it: unknown) =>
            void Object.defineProperty(this, name, { value: it, writable: true, enumerable: true, configurable: true });
          put("0", value);
          if (typeof value === "string" && value.startsWith("vid_")) put("1", "vid_single_key");
        },
      });
    }
  };
  for (const { how, change, another } of [
    { how: "acts", change: undefined, another: "INVALID_OPTIONS" },
    {
      how: "acts, and succeeds with a weaker build",
      change: { file: "client/options.ts", from: "bare<unknown[]>([])", to: "[] as unknown[]" },
      another: "done",
    },
  ]) {
    test(`${how}: setters on Array.prototype add no id to videoIds`, async ({ page, mock, site }) => {
      const entry = change ? site.url + (await serveLeaky(site, [change])) : "@ansdev/player";
      await page.goto(site.page("blank.html"));
      const outcome = await page.evaluate(
        async ([options, module, act]) => {
          const { createClient } = (await import(module)) as typeof import("@ansdev/player");
          const script = document.createElement("script");
          script.textContent = `(${act})()`;
          document.head.append(script);
          const client = await createClient(options);
          Reflect.deleteProperty(Array.prototype, "0");
          Reflect.deleteProperty(Object.prototype, "0");
          try {
            const session = await client.openSession("vid_single_key");
            await session.getToken();
            return "done";
          } catch (error) {
            return (error as { code: string }).code;
          }
        },
        [{ ...mock.access, videoIds: ["vid_clear"] }, entry, String(widen)] as const,
      );
      expect(outcome).toBe(another);
    });
  }

  test("positive control: without videoIds the finder lists the library, and has tokens for all of it", async ({
    page,
    mock,
    site,
  }) => {
    await page.goto(site.page("blank.html"));
    await show(page, mock.access);
    const found = await page.evaluate(async () => (await import("attack/finder.js")).find());
    expect(found.list).toBeGreaterThan(1);
    expect(found).toMatchObject({ another: "done", own: "done" });
  });

  test("acts: a finder that closes and reopens after every token spends no more than the least gap allows", async ({
    page,
    mock,
    site,
  }) => {
    await page.goto(site.page("blank.html"));
    await show(page, mock.access);
    await page.evaluate(async () => (await import("attack/finder.js")).spend(20));
    // The first one, and the one after the first refusal.
    expect((await mock.mints()).length).toBeLessThanOrEqual(2);
  });

  test("acts: a finder that asks in a loop sends no more requests than a client's budget has", async ({
    page,
    mock,
    site,
  }) => {
    await page.goto(site.page("blank.html"));
    await show(page, mock.access);
    const { asked, took } = await page.evaluate(async () => (await import("attack/finder.js")).flood(4));
    const sent = (await mock.journal()).filter(({ method }) => method !== "OPTIONS").length;
    // 120 at once and two a second.
    expect(sent).toBeLessThanOrEqual(120 + 2 * Math.ceil(took));
    expect(sent).toBeGreaterThan(100);
    expect(asked).toBeGreaterThan(sent + 50);
  });
});

for (const { how, change, expected } of [
  { how: "acts", change: undefined, expected: /^http:\/\/127\.0\.0\.1.*\/player/ },
  {
    how: "acts, and succeeds with a weaker build",
    change: { file: "platform/natives.ts", from: "return event.isTrusted;", to: "return event !== undefined;" },
    expected: /^javascript:1$/,
  },
]) {
  test(`${how}: what a script dispatches on the port that it finds in window.event is not believed`, async ({
    page,
    mock,
    site,
  }) => {
    const entry = change ? site.url + (await serveLeaky(site, [change])) : "@ansdev/player";
    await page.goto(site.page("blank.html"));
    const address = await page.evaluate(
      async ([options, module]) => {
        const { createClient } = (await import(module)) as typeof import("@ansdev/player");
        const client = await createClient(options);
        const session = await client.openSession("vid_clear");
        await session.getToken();
        // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
        const { get } = Map.prototype;
        const shown = { port: false };
        Map.prototype.get = function (call: unknown) {
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- what the attack is about
          const port = window.event?.target;
          if (port instanceof MessagePort && !shown.port) {
            shown.port = true;
            const data = { type: "resolved", call, value: "javascript:1" };
            port.dispatchEvent(new MessageEvent("message", { data }));
          }
          return get.call(this, call) as unknown;
        };
        const given = await session.playerUrl();
        Map.prototype.get = get;
        return shown.port ? given : "the port was not shown";
      },
      [mock.access, entry] as const,
    );
    expect(address).toMatch(expected);
  });
}

test("acts: an address of the player that is no web address is not handed out", async ({ page, site }) => {
  site.route("/v1/video/vid_clear/playback-token", (_request, response) => {
    const data = { token: "aa.bb.cc", expiresIn: 300, playerUrl: "javascript:alert(1)" };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ success: true, data }));
  });
  await page.goto(site.page("blank.html"));
  const given = await page.evaluate(async () => {
    const { createClient } = await import("@ansdev/player");
    const apiKey = `ak_test_${"0123456789abcdef".repeat(2)}`;
    const provided = (playerUrl: string) => ({ getToken: () => ({ token: "aa.bb.cc", expiresIn: 300, playerUrl }) });
    const clients = [
      { apiKey, baseUrl: "/" },
      ...["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "blob:x", "//x", ""].map(provided),
    ];
    const results: string[] = [];
    for (const options of clients) {
      const client = await createClient(options);
      const session = await client.openSession("vid_clear");
      results.push(
        await session.playerUrl().then(
          (url) => url,
          () => "refused",
        ),
      );
      client.destroy();
    }
    return results;
  });
  expect(given.filter((address) => address !== "refused")).toEqual([]);
});
