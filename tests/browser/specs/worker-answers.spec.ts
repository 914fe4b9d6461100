/** What the page makes of a Worker that says anything. A page may serve one of another version by mistake. */
import { expect, test } from "../support/test.ts";

/** Workers, each out of its mind in its own way. */
const WORKERS = 40;
const { FUZZ_SEED, FUZZ_SECONDS = "0" } = process.env;

for (const [how, credentials] of [
  ["an API key", "key"],
  ["getToken", "function"],
] as const) {
  test(`whatever the Worker says, every promise settles, with a typed error, and nothing is thrown: ${how}`, async ({
    page,
    mock,
    site,
  }) => {
    const seconds = Number(FUZZ_SECONDS);
    test.setTimeout(60_000 + seconds * 1000);
    await page.goto(site.page("blank.html"));
    const end = Date.now() + seconds * 1000;
    const first = Number(FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 32));
    let seed = first;
    for (; seed < first + WORKERS || Date.now() < end; seed++) {
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
    }
    test.info().annotations.push({ type: "fuzzed", description: `${seed - first} Workers` });
  });
}
