/**
 * The attackers that act (tests/browser/pages/attack/acting.js), in every engine; that the same succeed against weaker
 * builds is shown in tests/browser/specs/security.
 */
import { scriptsAskedFor, serveClobbered } from "../../browser/support/attack/clobbered.ts";
import { Ear, hostileCore } from "../../browser/support/attack/ear.ts";
import { Stranger } from "../../browser/support/attack/stranger.ts";
import { expect, test } from "../support/test.ts";

const MINTED = { isolation: "worker" };

/** What comes of a client that is made all the same. */
const OUTCOMES: Record<string, Record<string, unknown>> = {
  rules: MINTED,
  promises: MINTED,
  addresses: MINTED,
  typeChecks: MINTED,
  ownProperties: MINTED,
  policy: { code: "UNSUPPORTED" },
  workers: MINTED,
};

for (const [name, outcome] of Object.entries(OUTCOMES)) {
  test(`an attacker that acts: ${name}`, async ({ page, mock, site }) => {
    const backend = await Ear.start(mock.apiKey, mock.url);
    const stranger = await Ear.start(mock.apiKey);
    await page.goto(site.page("blank.html"));
    const means = { stranger: `${stranger.url}/run/0/`, module: await hostileCore() };
    const access = { apiKey: mock.apiKey, baseUrl: `${backend.url}/run/0/` };
    const { loot, ...came } = await page.evaluate(
      async ([attack, options, given]) =>
        (await import("attack/acting.js")).act(attack, "@ansdev/player", options, given),
      [name, access, means] as const,
    );
    expect([...loot, ...backend.heard, ...stranger.heard]).toEqual([]);
    expect(came).toMatchObject(outcome);
    backend.stop();
    stranger.stop();
  });
}

test("elements named as globals are: the film plays, and no script comes from a stranger", async ({
  page,
  mock,
  site,
}) => {
  const stranger = await Stranger.start();
  await page.goto(site.page(serveClobbered(site, "/sdk/ansdev-player.global.js", stranger.url), mock.access));
  await page.waitForFunction(() => (document.querySelector("ansdev-video")?.currentTime ?? 0) > 1);
  expect(scriptsAskedFor(stranger.requests)).toEqual([]);
  stranger.stop();
});
