import { test } from "@playwright/test";

const { FUZZ_SEED, FUZZ_SECONDS = "0" } = process.env;

/**
 * Seeds for what a test makes up: `least` of them, and more for as many seconds as `FUZZ_SECONDS` says. The first is
 * `FUZZ_SEED`, by which a failure is repeated, or one that chance gives.
 */
export function* seeds(least: number): Generator<number, void, undefined> {
  const seconds = Number(FUZZ_SECONDS);
  test.setTimeout(60_000 + seconds * 1000);
  const end = Date.now() + seconds * 1000;
  const first = Number(FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 32));
  for (let seed = first; seed < first + least || Date.now() < end; seed++) yield seed;
}
