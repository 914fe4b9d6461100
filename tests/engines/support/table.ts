import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** Prints, when all has run, which scenario passed in which engine and in how many seconds, and what was measured. */
export default class Table implements Reporter {
  readonly #engines = new Set<string>();
  readonly #scenarios = new Map<string, Map<string, string>>();
  readonly #figures = new Map<string, Map<string, string>>();

  onTestEnd(test: TestCase, result: TestResult): void {
    const [, engine = "", ...titles] = test.titlePath();
    this.#engines.add(engine);
    const mark = { passed: "✓", skipped: "–", failed: "✗", timedOut: "✗", interrupted: "✗" }[result.status];
    const again = result.retry > 0 ? "2nd " : "";
    put(this.#scenarios, titles.join(" › "), engine, `${again}${mark} ${(result.duration / 1000).toFixed(1)} s`);
    for (const { type, description = "" } of result.annotations) put(this.#figures, type, engine, description);
  }

  onEnd(): void {
    const rows = [...this.#scenarios].sort(([one], [other]) => (one < other ? -1 : 1));
    this.#print("scenario", rows);
    if (this.#figures.size > 0) this.#print("figure", [...this.#figures]);
  }

  #print(title: string, rows: [string, Map<string, string>][]): void {
    const engines = [...this.#engines].sort();
    const width = Math.max(...rows.map(([name]) => name.length));
    const line = (first: string, cells: string[]) => {
      console.log(`${first.padEnd(width)}  ${cells.map((cell) => cell.padStart(9)).join("  ")}`.trimEnd());
    };
    console.log();
    line(title, engines);
    for (const [name, cells] of rows) {
      line(
        name,
        engines.map((engine) => cells.get(engine) ?? ""),
      );
    }
  }
}

function put(rows: Map<string, Map<string, string>>, row: string, column: string, cell: string): void {
  const cells = rows.get(row) ?? new Map<string, string>();
  rows.set(row, cells.set(column, cell));
}
