import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, Page } from "@playwright/test";

import { root } from "../../../../js/scripts/bundle.mjs";
import type { Mock } from "../mock.ts";
import type { Site } from "../site.ts";
import { Ear, hostileCore } from "./ear.ts";

/** Pages at a time. */
const PAGES = 2;
/** Stand-ins that a page is given at a time. */
const BATCH = 24;
/** Milliseconds in which a page has to be through with them: a stand-in can have a page turn in a circle. */
const TIMEOUT = 90_000;

/** What a sweep found. */
export interface Swept {
  seed: number;
  /** Functions, accessors and constructors that a page's realm has. */
  reached: number;
  /** Those that the SDK touches on its way to a token. */
  touched: string[];
  /** Those that no script can replace. */
  fixed: number;
  /** Stand-ins that there are, and those that are tried always. */
  planned: number;
  always: number;
  /** Stand-ins tried. */
  varied: number;
  /** Stand-ins that were not: for what this browser does not have, such with which a page hung, and for want of time. */
  absent: number;
  stuck: string[];
  left: number;
  /** Stand-ins tried that nobody called. */
  unused: number;
  /** What became of the clients, by kind. */
  outcomes: Record<string, number>;
  /** What the attacker got, by stand-in. */
  losses: string[];
}

/** How to sweep. */
export interface How {
  /** Address of the module with `createClient`; the built package's where there is none. */
  entry?: string;
  /** More options of `createClient`. */
  options?: Record<string, string>;
  /** Milliseconds for the sample of what is not tried always; without: everything is tried. */
  deadline?: number;
  /** Whether to end at the first loss. */
  stop?: boolean;
  /** Only stand-ins with this text in their label. */
  only?: string;
  seed?: number;
}

type Attack = typeof import("attack/sweep/run.js");

/** Lets an attacker act in many realms, and says what it got. */
export async function sweep(browser: Browser, site: Site, mock: Mock, how: How = {}): Promise<Swept> {
  const seed = how.seed ?? Number(process.env["ATTACK_SEED"] ?? Math.floor(Math.random() * 2 ** 32));
  const entry = how.entry ?? "/sweep/sdk/index.js";
  await serve(site);
  const backend = await Ear.start(mock.apiKey, mock.url);
  const stranger = await Ear.start(mock.apiKey);
  const context = await browser.newContext();
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(site.page("blank.html"));
    return page;
  };
  const inPage = <Name extends keyof Attack>(page: Page, name: Name, ...args: Parameters<Attack[Name]>) =>
    page.evaluate(
      async ([method, given]) => {
        const attack = (await import("attack/sweep/run.js")) as unknown as Record<
          string,
          (...all: unknown[]) => unknown
        >;
        return attack[method]?.(...given);
      },
      [name, args] as [string, unknown[]],
    ) as Promise<Awaited<ReturnType<Attack[Name]>>>;

  try {
    const access = { apiKey: mock.apiKey, baseUrl: backend.url, options: how.options ?? {} };
    const first = await open();
    const record = await inPage(first, "recorded", entry, { ...access, baseUrl: `${backend.url}/run/0/` });
    if (record.outcome !== "minted") throw new Error(`Under the recorder the client ended as: ${record.outcome}`);
    const plan = await inPage(first, "planned", record.touched, seed);
    const isWanted = (run: number) => plan.labels[run]?.includes(how.only ?? "") ?? false;
    const runs = [...plan.labels.keys()].filter(isWanted);
    const swept: Swept = {
      seed,
      reached: record.reached,
      touched: record.touched,
      fixed: record.skipped,
      planned: runs.length,
      always: runs.filter((run) => run < plan.first).length,
      ...{ varied: 0, absent: 0, unused: 0, stuck: [], left: 0, outcomes: {} },
      losses: record.asked.map((name) => `the way to the Worker asks Object.prototype for ${name}`),
    };
    const lose = (run: number | string, what: string) =>
      swept.losses.push(`${plan.labels[Number(run)] ?? run}: ${what}`);
    const means = { access, seed, touched: record.touched, stranger: stranger.url, module: await hostileCore() };
    const end = how.deadline === undefined ? Infinity : Date.now() + how.deadline;
    const isOver = () =>
      (how.stop === true && swept.losses.length + backend.heard.length + stranger.heard.length > 0) ||
      (Date.now() > end && (runs[0] ?? 0) >= plan.first);

    const work = async (page: Page): Promise<void> => {
      while (runs.length > 0 && !isOver()) {
        const batch = runs.splice(0, BATCH);
        const tried = inPage(page, "sweep", entry, { ...means, runs: batch, stop: how.stop ?? false });
        let timer;
        const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, TIMEOUT, undefined)));
        const part = await Promise.race([tried, late]);
        clearTimeout(timer);
        if (part === undefined) {
          tried.catch(() => undefined);
          void page.close();
          page = await open();
          swept.stuck.push(...batch.map((run) => plan.labels[run] ?? ""));
          continue;
        }
        for (const name of ["varied", "absent", "unused"] as const) swept[name] += part[name];
        for (const [name, count] of Object.entries(part.outcomes)) {
          swept.outcomes[name] = (swept.outcomes[name] ?? 0) + count;
        }
        for (const { run, what } of part.losses) lose(run, what);
      }
    };
    await Promise.all([work(first), ...Array.from({ length: PAGES - 1 }, async () => work(await open()))]);
    swept.left = runs.length;
    for (const { run, what } of backend.heard) lose(run, what);
    for (const { run } of stranger.heard) lose(run, "the key went to a stranger's origin");
    return { ...swept, losses: [...new Set(swept.losses)].sort() };
  } finally {
    await context.close();
    backend.stop();
    stranger.stop();
  }
}

/** Serves the built package, and the realm in which it is loaded, so that the browser keeps both. */
async function serve(site: Site): Promise<void> {
  const dist = join(root, "dist");
  const kept = { "cache-control": "max-age=3600" };
  for (const name of await readdir(dist)) {
    if (!name.endsWith(".js")) continue;
    site.route(`/sweep/sdk/${name}`, async (_request, response) => {
      response.writeHead(200, { ...kept, "content-type": "text/javascript" }).end(await readFile(join(dist, name)));
    });
  }
  site.route("/sweep/realm.html", (request, response) => {
    const entry = new URL(request.url ?? "", site.url).searchParams.get("entry");
    response.writeHead(200, { ...kept, "content-type": "text/html" }).end(`<!doctype html><script type="module">
      import { createClient } from ${JSON.stringify(entry)};
      window.createClient = createClient;
    </script>`);
  });
}
