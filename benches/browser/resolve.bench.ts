import { bench } from "./support/bench.ts";

/** Round trips that are timed together: one alone is shorter than the browser's clock can tell. */
const TRIPS = 200;
const ROUNDS = 25;

bench(
  "session.resolve with a valid token, beside a bare round trip to a Worker",
  async ({ page, mock, site, record }) => {
    await page.goto(site.page("blank.html"));
    const measured = await page.evaluate(
      async ([access, rounds, trips]) => {
        const { createClient } = await import("@ansdev/player");
        const session = await (await createClient(access)).openSession("vid_single_key");
        await session.getToken();
        const url = `${access.baseUrl}/video/key/job_single_key`;

        const echo = new Worker(URL.createObjectURL(new Blob(["onmessage = ({ data }) => postMessage(data)"])));
        const bare = () =>
          new Promise((resolve) => {
            echo.onmessage = resolve;
            echo.postMessage(url);
          });

        /** Milliseconds of one trip. */
        const time = async (trip: () => Promise<unknown>): Promise<number> => {
          const began = performance.now();
          for (let i = 0; i < trips; i++) await trip();
          return (performance.now() - began) / trips;
        };
        const measured = { resolve: [] as number[], bare: [] as number[] };
        const ways = { resolve: () => session.resolve(url), bare };
        // The first rounds are for the compilers.
        for (let round = -5; round < rounds; round++) {
          for (const name of round % 2 ? (["bare", "resolve"] as const) : (["resolve", "bare"] as const)) {
            const took = await time(ways[name]);
            if (round >= 0) measured[name].push(took * 1000);
          }
        }
        return measured;
      },
      [mock.access, ROUNDS, TRIPS] as const,
    );
    await record(measured);
  },
);
