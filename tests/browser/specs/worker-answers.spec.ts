/** What the page makes of a Worker that says anything. A page may serve one of another version by mistake. */
import { seeds } from "../support/seeds.ts";
import { expect, test } from "../support/test.ts";

/** Workers, each of which breaks the protocol in its own way. */
const WORKERS = 40;

for (const [how, credentials] of [
  ["an API key", "key"],
  ["getToken", "function"],
] as const) {
  test(`whatever the Worker says, every promise settles, with a typed error, and nothing is thrown: ${how}`, async ({
    page,
    mock,
    site,
  }) => {
    let tried = 0;
    await page.goto(site.page("blank.html"));
    for (const seed of seeds(WORKERS)) {
      const listened = await page.evaluate(
        async ([access, kind, workerUrl]) => {
          const { listen } = await import("attack/listener.js");
          const getToken = () => Promise.resolve({ token: "aa.bb.cc", expiresIn: 300 });
          const { baseUrl } = access;
          const options = { ...(kind === "key" ? access : { baseUrl, getToken }), workerUrl, isolation: "worker" };
          return listen("@ansdev/player", options);
        },
        [mock.access, credentials, `${site.url}/attack/babbling-worker.js?seed=${String(seed)}`] as const,
      );
      // Whatever fails, FUZZ_SEED repeats it.
      expect({ seed, ...listened, settled: listened.settled > 2 }).toEqual({
        seed,
        untyped: [],
        unsettled: [],
        thrown: [],
        settled: true,
      });
      tried++;
    }
    test.info().annotations.push({ type: "fuzzed", description: `${tried} Workers` });
  });
}
