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

        // What any Worker has to do that holds the token: read the address, put the token in, answer the right caller.
        const source = `onmessage = async ({ data: { call, url } }) => {
          const address = new URL(url);
          address.searchParams.set("token", await "aa.bb.cc");
          postMessage({ call, url: address.href });
        }`;
        const plain = new Worker(URL.createObjectURL(new Blob([source])));
        const callers = new Map<number, (url: string) => void>();
        plain.onmessage = ({ data }: MessageEvent<{ call: number; url: string }>) => {
          callers.get(data.call)?.(data.url);
          callers.delete(data.call);
        };
        let calls = 0;
        const inJavaScript = () =>
          new Promise<string>((resolve) => {
            callers.set(++calls, resolve);
            plain.postMessage({ call: calls, url });
          });

        /** Milliseconds of one trip. */
        const time = async (trip: () => Promise<unknown>): Promise<number> => {
          const began = performance.now();
          for (let i = 0; i < trips; i++) await trip();
          return (performance.now() - began) / trips;
        };
        const measured = { resolve: [] as number[], bare: [] as number[], inJavaScript: [] as number[] };
        const ways = { resolve: () => session.resolve(url), bare, inJavaScript };
        const names = ["resolve", "bare", "inJavaScript"] as const;
        // The first rounds are for the compilers.
        for (let round = -5; round < rounds; round++) {
          for (const turn of names.keys()) {
            const name = names[(turn + round + 6) % 3] ?? "bare";
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
