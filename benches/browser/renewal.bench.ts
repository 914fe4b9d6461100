import { bench } from "./support/bench.ts";

/** Renewals to look at; with tokens of two seconds one comes about every 1.75 s. */
const RENEWALS = 20;

interface TraceEvent {
  cat: string;
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/** The page's marks around one renewal. */
const BEGIN = "renewal begins";
const END = "renewal ends";

bench.use({ mockFlags: ["--ttl", "2"] });

bench("the longest main-thread task that a renewal causes", async ({ browser, page, mock, site, record }) => {
  await page.goto(site.page("blank.html"));
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing", "__metadata"] });
  await page.evaluate(
    async ([access, renewals, begin, end]) => {
      const { createClient } = await import("@ansdev/player");
      const session = await (await createClient(access)).openSession("vid_two_hours");
      await session.getToken();
      let left = renewals;
      session.addEventListener("tokenrefreshing", () => performance.mark(begin));
      await new Promise<void>((resolve) => {
        session.addEventListener("tokenrefreshed", () => {
          performance.mark(end);
          if (--left === 0) resolve();
        });
      });
    },
    [mock.access, RENEWALS, BEGIN, END] as const,
  );
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  await record({ longest: longestTasks(traceEvents) });
});

/** Milliseconds of the longest task of the page's main thread during each renewal, as time on the processor. */
function longestTasks(events: TraceEvent[]): number[] {
  const marks = events.filter(({ name }) => name === BEGIN || name === END).sort((a, b) => a.ts - b.ts);
  return marks.flatMap((begin, index) => {
    const end = marks[index + 1];
    if (begin.name !== BEGIN || end?.name !== END) return [];
    // The marks are made inside the first and the last of the renewal's tasks.
    const tasks = events.filter(
      ({ name, pid, tid, ts, dur = 0 }) =>
        name === "ThreadControllerImpl::RunTask" &&
        pid === begin.pid &&
        tid === begin.tid &&
        ts + dur >= begin.ts &&
        ts <= end.ts,
    );
    return [Math.max(...tasks.map(({ tdur, dur = 0 }) => tdur ?? dur)) / 1000];
  });
}
