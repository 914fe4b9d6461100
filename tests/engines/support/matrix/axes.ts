/**
 * The matrix: all that may differ in a page with one player, as data. A cell has one value of each axis.
 */
export const AXES = {
  /** What the page's browser lacks, or has in another form. */
  missing: [
    "nothing",
    "Web Locks",
    "BroadcastChannel",
    "IntersectionObserver",
    "ResizeObserver",
    "MediaSource",
    "a decoder",
    "Workers",
    "WebAssembly",
    "storage, in a sandboxed frame",
    "XMLHttpRequest without a wrapper",
    "a current window.Hls",
    "a network, by navigator.onLine",
  ],
  /** Whose answers are spoilt. */
  route: ["no", "list", "get", "mint", "manifest", "key", "segment", "hls.js"],
  /** How. */
  kind: ["503", "500", "401", "403", "404", "429", "drop", "truncate", "garbage", "latency"],
  /** For how long. */
  span: ["once", "for a while"],
  credential: ["a key", "getToken", "a key, shared by tabs", "a key in the page"],
  element: ["ansdev-video", "ansdev-player"],
  /** When the element is made. */
  made: ["after definition", "before definition", "by markup"],
  /** When it gets its client. */
  client: ["first", "after the video's id", "two seconds late"],
  /** How it is asked to play. */
  asked: ["before it is in the page", "in the page", "by autoplay", "by the browser's own controls", "twice"],
  preload: ["none", "metadata", "auto"],
  /** Whether the page is visible. */
  sight: ["visible", "hidden at first", "hidden for a while"],
  /** Where the element goes. */
  stay: ["stays", "moved at once", "removed before it plays", "removed and back"],
} as const;

export type Axis = keyof typeof AXES;
export type Cell = { -readonly [Name in Axis]: (typeof AXES)[Name][number] };

/** The cell in which nothing stands in the way; others differ from it. */
export const USUAL: Cell = {
  missing: "nothing",
  route: "no",
  kind: "503",
  span: "once",
  credential: "a key",
  element: "ansdev-video",
  made: "after definition",
  client: "first",
  asked: "in the page",
  preload: "none",
  sight: "visible",
  stay: "stays",
};

const NAMES = Object.keys(AXES) as Axis[];
/** Candidates for each cell, of which the one with the most new pairs is taken. */
const CANDIDATES = 40;

/** Cells in which each value of each axis meets each value of every other, in an order that begins with the most pairs. */
export function pairwise(seed: number, isPossible: (cell: Cell) => boolean): Cell[] {
  const random = chance(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const open = new Set<string>();
  for (const [index, one] of NAMES.entries()) {
    for (const other of NAMES.slice(index + 1)) {
      for (const value of AXES[one]) for (const another of AXES[other]) open.add(pair(one, value, other, another));
    }
  }
  const anyCell = (): Cell => Object.fromEntries(NAMES.map((name) => [name, pick(AXES[name])])) as Cell;
  const cells: Cell[] = [];
  while (open.size > 0) {
    // One pair that is still open is in each candidate, so that it ends.
    const [wanted = ""] = open;
    const fixed = JSON.parse(wanted) as Partial<Cell>;
    const candidates = Array.from({ length: CANDIDATES }, () => ({ ...anyCell(), ...fixed })).filter(isPossible);
    const counted = candidates.map((cell) => ({ cell, count: pairs(cell).filter((each) => open.has(each)).length }));
    const best = counted.reduce((one, other) => (other.count > one.count ? other : one), { cell: USUAL, count: 0 });
    open.delete(wanted);
    if (best.count === 0) continue;
    for (const each of pairs(best.cell)) open.delete(each);
    cells.push(best.cell);
  }
  return cells;
}

function pairs(cell: Cell): string[] {
  return NAMES.flatMap((one, index) => NAMES.slice(index + 1).map((other) => pair(one, cell[one], other, cell[other])));
}

function pair(one: Axis, value: string, other: Axis, another: string): string {
  return JSON.stringify({ [one]: value, [other]: another });
}

/** mulberry32. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What of a cell is not as usual, for people. */
export function described(cell: Cell): string {
  const unusual = NAMES.filter((name) => cell[name] !== USUAL[name] || (name === "kind" && cell.route !== "no"));
  return unusual.map((name) => `${name}: ${cell[name]}`).join("; ") || "nothing unusual";
}
