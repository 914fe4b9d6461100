import type { ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import { Mock, type Fault } from "../../../browser/support/mock.ts";
import type { Site } from "../../../browser/support/site.ts";
import type { Tab } from "../tab.ts";
import { type Cell, described } from "./axes.ts";
import { cellPage, lanesPage } from "./page.ts";

/** What became of a cell. */
export interface Verdict extends Trial {
  /** What came first: `plays`, `error` or `nothing`. */
  first: string;
  /** The error's code. */
  code: string | null;
  /** Milliseconds until then. */
  took: number;
  /** How often the viewer had to press "play" after the cause had gone. */
  pressed: number;
  /** How the promise was broken; empty where it was kept. */
  wrong: string[];
}

/** A cell to try, with the package as it is built, or with the one at `entry`. */
export interface Trial {
  cell: Cell;
  entry?: string;
}

/** Cells at a time: films share the machine. */
const LANES = 3;
const HLS = new URL("../../../../node_modules/hls.js/dist/hls.light.mjs", import.meta.url);
const VIDEO = "vid_rotating_keys";

/** What of a browser nothing can replace: the error may stay. */
function mayEnd({ missing, credential }: Cell): boolean {
  if (missing === "MediaSource" || missing === "a decoder" || missing === "WebAssembly") return true;
  if (missing === "Workers") return credential !== "getToken" && credential !== "a key in the page";
  const sharing = credential === "a key, shared by tabs";
  return sharing && (missing === "Web Locks" || missing === "BroadcastChannel");
}

/** The mock's fault in a cell; `undefined` where none of its answers is spoilt. */
function faultOf({ route, kind, span }: Cell): Fault | undefined {
  if (route === "no" || route === "hls.js") return undefined;
  const times = span === "once" ? { times: 1 } : {};
  if (kind === "latency") return { route, kind, value: 20_000, ...times };
  if (kind === "drop" || kind === "truncate" || kind === "garbage") return { route, kind, ...times };
  return { route, kind: "status", value: Number(kind), ...times };
}

class Running {
  readonly mock: Mock;
  readonly trial: Trial;
  hlsFaults: number;

  constructor(mock: Mock, trial: Trial) {
    this.mock = mock;
    this.trial = trial;
    const { route, span } = trial.cell;
    this.hlsFaults = route === "hls.js" ? (span === "once" ? 1 : Infinity) : 0;
  }
}

/** Runs cells in one page, and waits for all verdicts. */
export async function judge(page: Tab, site: Site, trials: readonly Trial[], flags: string[] = []): Promise<Verdict[]> {
  const queue = [...trials.entries()];
  const running = new Map<number, Running>();
  const verdicts: Verdict[] = [];
  const idOf = (url = ""): number => Number(url.split("?")[1]);
  const answer = (response: ServerResponse, body: string, type = "text/plain", status = 200): void => {
    // A sandboxed frame is of no origin.
    response.writeHead(status, { "content-type": type, "access-control-allow-origin": "*" }).end(body);
  };

  site.route("/matrix/", (_request, response) => {
    answer(response, lanesPage(LANES), "text/html; charset=utf-8");
  });
  site.route("/matrix/next", async (_request, response) => {
    const [id, trial] = queue.shift() ?? [null, undefined];
    if (trial) {
      const mock = await Mock.start(...flags);
      const fault = faultOf(trial.cell);
      if (fault) await mock.fault(fault);
      running.set(id, new Running(mock, trial));
    }
    const isSandboxed = trial?.cell.missing.startsWith("storage") ?? false;
    answer(response, JSON.stringify({ id, isSandboxed }), "application/json");
  });
  site.route("/matrix/cell", ({ url }, response) => {
    const id = idOf(url);
    const { mock, trial } = running.get(id) ?? fail(id);
    const facts = { id, ...mock.access, videoId: VIDEO, mayEnd: mayEnd(trial.cell), entry: trial.entry ?? null };
    answer(response, cellPage(id, trial.cell, facts), "text/html; charset=utf-8");
  });
  site.route("/matrix/hls.js", async ({ url, socket }, response) => {
    const cell = running.get(idOf(url));
    const source = await readFile(HLS, "utf8");
    if (!cell || cell.hlsFaults-- <= 0) {
      answer(response, source, "text/javascript");
      return;
    }
    const { kind } = cell.trial.cell;
    if (kind === "drop") socket.destroy();
    else if (kind === "truncate") answer(response, source.slice(0, source.length / 2), "text/javascript");
    else if (kind === "garbage") answer(response, "<!doctype html><title>Log in</title>", "text/html");
    else if (kind !== "latency") answer(response, "", "text/plain", Number(kind));
    else setTimeout(answer, 20_000, response, source, "text/javascript");
  });
  site.route("/matrix/mend", async ({ url }, response) => {
    const cell = running.get(idOf(url));
    if (cell) cell.hlsFaults = 0;
    await cell?.mock.clearFaults();
    answer(response, "");
  });
  site.route("/matrix/result", async (request, response) => {
    const id = idOf(request.url);
    const { mock, trial } = running.get(id) ?? fail(id);
    verdicts.push({ ...trial, ...(JSON.parse(await text(request)) as Omit<Verdict, keyof Trial>) });
    running.delete(id);
    answer(response, "");
    await mock.stop();
  });

  await page.goto(`${site.url}/matrix/`);
  await page.waitForFunction(() => document.title === "done", undefined, { timeout: 3_600_000 });
  for (const [, { mock, trial }] of running) {
    await mock.stop();
    verdicts.push({ ...trial, first: "nothing", code: null, took: 0, pressed: 0, wrong: ["it never ended"] });
  }
  return verdicts;
}

function fail(id: number): never {
  throw new Error(`No cell ${String(id)} runs`);
}

/** What the verdicts say, a line for each that broke the promise. */
export function broken(verdicts: readonly Verdict[]): string[] {
  return verdicts
    .filter(({ wrong }) => wrong.length > 0)
    .map(({ cell, first, code, took, wrong }) => {
      const came = `${first}${code === null ? "" : ` ${code}`} after ${String(took)} ms`;
      return `${described(cell)} → ${came}: ${wrong.join(" | ")}`;
    });
}
