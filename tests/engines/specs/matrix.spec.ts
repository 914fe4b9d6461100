/**
 * The promise, in a matrix of situations: an element that was asked to play, on a visible page, within 15 s plays or has an
 * `error` with a typed cause; and when the cause goes, it plays without a reload and nothing is left on the screen.
 */
import { AXES, type Cell, pairwise, USUAL } from "../support/matrix/axes.ts";
import { serveBrokenElements } from "../../browser/support/attack/leaky-build.ts";
import { BROKEN_BUILDS } from "../support/matrix/broken-builds.ts";
import { broken, judge } from "../support/matrix/run.ts";
import { expect, test } from "../support/test.ts";

const { MATRIX_SEED, MATRIX_CELL } = process.env;
/** Cells of the short form: about a minute. */
const FEW = 18;

/** What a browser does not let us try. */
function isPossible(engine: string): (cell: Cell) => boolean {
  return ({ route, missing, kind, span }) => {
    // A module that could not be fetched is not fetched again there.
    if (route === "hls.js" && engine === "firefox") return false;
    // Engines keep a module that was fetched and could not be read, as the specification has it; nor is a wait a failure.
    if (route === "hls.js" && ["truncate", "garbage"].includes(kind)) return false;
    if (route === "no" && (kind !== "503" || span !== "once")) return false;
    return missing !== "a current window.Hls" || route !== "hls.js";
  };
}

for (const { form, count, ownSeed, tag } of [
  // The same in every run, and in one engine: what a random one finds, it should not find in somebody else's change.
  { form: "a sample", count: FEW, ownSeed: 12, tag: "@one-engine" },
  { form: "every pair", count: Infinity, ownSeed: Math.floor(Math.random() * 2 ** 32), tag: "@all" },
]) {
  test(`the matrix: ${form}`, { tag }, async ({ page, site, engine }) => {
    test.setTimeout(3_600_000);
    const seed = Number(MATRIX_SEED ?? ownSeed);
    const cells = MATRIX_CELL
      ? (JSON.parse(MATRIX_CELL) as Partial<Cell>[]).map((cell) => ({ ...USUAL, ...cell }))
      : pairwise(seed, isPossible(engine));
    const began = Date.now();
    const verdicts = await judge(
      page,
      site,
      cells.slice(0, count).map((cell) => ({ cell })),
    );
    const seconds = Math.round((Date.now() - began) / 1000);
    const counted = `${String(verdicts.length)} of ${String(cells.length)} cells in ${String(seconds)} s`;
    test.info().annotations.push({ type: "matrix", description: counted });
    // Whatever fails, MATRIX_SEED repeats it; MATRIX_CELL is a list of cells, as JSON, with what differs from the usual one.
    console.log(`MATRIX_SEED=${String(seed)}: ${counted}`);
    expect({ seed, broken: broken(verdicts) }).toEqual({ seed, broken: [] });
  });
}

test(
  "the matrix finds out a build that is broken along each axis",
  { tag: ["@all", "@one-engine"] },
  async ({ page, site }) => {
    test.setTimeout(900_000);
    expect(BROKEN_BUILDS.map(({ axis }) => axis)).toEqual(Object.keys(AXES));
    const trials = [];
    for (const [index, { change, cell }] of BROKEN_BUILDS.entries()) {
      const entry = await serveBrokenElements(site, `/matrix/broken-${String(index)}.js`, [change]);
      trials.push({ cell: { ...USUAL, ...cell }, entry });
    }
    const verdicts = await judge(page, site, trials);
    const survived = trials.filter(
      ({ entry }) => verdicts.find((verdict) => verdict.entry === entry)?.wrong.length === 0,
    );
    expect(survived.map(({ entry }) => BROKEN_BUILDS[Number(/\d+/.exec(entry))]?.what)).toEqual([]);
  },
);

test("the same cells in the real build keep the promise", { tag: "@one-engine" }, async ({ page, site }) => {
  test.setTimeout(900_000);
  const verdicts = await judge(
    page,
    site,
    BROKEN_BUILDS.map(({ cell }) => ({ cell: { ...USUAL, ...cell } })),
  );
  expect(broken(verdicts)).toEqual([]);
});
