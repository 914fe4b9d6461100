import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { test } from "../browser/support/test.ts";
import { Cinema, type Sample } from "./support/cinema.ts";
import { Life, passed, PAUSED, TOKEN_LIFE } from "./support/life.ts";
import { double, excess, granted, late, refused, whilePaused } from "./support/mints.ts";

/** Seconds of the whole, and where the figures go, which `cargo xtask soak` judges. */
const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 60);
const FOLDER = process.env["SOAK_FIGURES"] ?? "target/soak";
/** Seconds of one round, after which the memory is looked at. */
const ROUND = Math.min(SECONDS / 6, 60);
/** The part of the time in which caches and buffers fill. */
const WARM_UP = 1 / 3;

test.use({ mockFlags: ["--ttl", String(TOKEN_LIFE), "--quota", "1000000"] });

for (const { name, isForgetful } of [
  { name: "life", isForgetful: false },
  { name: "leak", isForgetful: true },
]) {
  test(name, async ({ context, mock, site }) => {
    site.folder("/soak/", "tests/soak/pages");
    const access = { apiKey: await mock.createKey({}), baseUrl: mock.url };
    const first = await Cinema.open(context, site, access, isForgetful);
    const second = await Cinema.open(context, site, access, isForgetful);
    const life = new Life(mock, first, second);
    await life.begin();

    const began = Date.now();
    const age = (): number => (Date.now() - began) / 1000;
    const samples: [Sample, Sample][] = [];
    for (let round = 1; age() < SECONDS; round++) {
      const { acts } = life;
      for (const [number, act] of acts.entries()) {
        await act();
        await passed(ROUND * (round - 1 + (number + 1) / acts.length) - age());
      }
      const sample: [Sample, Sample] = [await first.sample(), await second.sample()];
      if (age() > SECONDS * WARM_UP) samples.push(sample);
      console.log(`${age().toFixed(0)} s ${JSON.stringify(sample)}`);
    }
    life.end();

    const journal = await mock.journal();
    const reports = [await first.report(), await second.report()];
    const words = reports.flatMap(({ words, thrown }) => [...words, ...thrown]);
    if (words.length > 0) console.log(words.join("\n"));
    const sum = (count: (report: (typeof reports)[number]) => number): number =>
      reports.reduce((total, report) => total + count(report), 0);
    const figures = {
      first: columns(samples.map(([sample]) => sample)),
      second: columns(samples.map(([, sample]) => sample)),
      seconds: age(),
      renewals: granted(journal).length,
      keys: sum(({ keys }) => keys),
      ...life.done,
      stalls: sum(({ stalls }) => stalls),
      errors: sum(({ errors, thrown }) => errors + thrown.length),
      expired: sum(({ expired }) => expired),
      late: late(journal),
      refused: refused(journal),
      excess: excess(journal, TOKEN_LIFE * 1000, life.done.refusals),
      double: double(journal, TOKEN_LIFE * 1000, life.done.refusals),
      whilePaused: whilePaused(journal, PAUSED.videoId, life.pauses, TOKEN_LIFE * 1000),
    };
    await mkdir(FOLDER, { recursive: true });
    await writeFile(join(FOLDER, `${name}.json`), JSON.stringify(figures));
  });
}

/** The same samples, by what was measured. */
function columns(samples: Sample[]): Record<keyof Sample, number[]> {
  const column = (name: keyof Sample): number[] => samples.map((sample) => sample[name]);
  return {
    heap: column("heap"),
    worker: column("worker"),
    wasm: column("wasm"),
    nodes: column("nodes"),
    listeners: column("listeners"),
  };
}
