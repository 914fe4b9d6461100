import { type BrowserContext, expect, type Page } from "@playwright/test";

import { Heap } from "../../../benches/browser/support/heap.ts";
import type { Site } from "../../browser/support/site.ts";

/** How a film is played: by `<ansdev-video>`, or by an hls.js of the page's own. */
export type How = "element" | "hls.js";

/** What a client needs. */
export interface Access {
  apiKey: string;
  baseUrl: string;
}

/** What a tab has seen since it was opened. */
export interface Report {
  stalls: number;
  errors: number;
  /** The first errors. */
  words: string[];
  /** Keys that came, of those that were asked for beside the players. */
  keys: number;
  /** Tokens that had ended when the session handed them out. */
  expired: number;
}

/** A tab's memory, in bytes and in numbers of objects. */
export interface Sample {
  heap: number;
  worker: number;
  wasm: number;
  nodes: number;
  listeners: number;
}

/** What `pages/cinema.js` has put into the page's `window`. */
interface InPage {
  open(access: Access, isForgetful: boolean): Promise<void>;
  show(name: string, how: How, videoId: string): Promise<void>;
  restart(name: string, how: How, videoId: string): Promise<void>;
  seek(name: string, at: number): void;
  pause(name: string): void;
  play(name: string): Promise<void>;
  shortLife(access: Access, videoId: string): Promise<void>;
  isSettled(): boolean;
  report(): Report;
}

/** Milliseconds that anything may take in a tab: a film until it plays, for example. */
const TIMEOUT = 20_000;

/** A tab in which films play side by side. */
export class Cinema {
  readonly #page: Page;
  readonly #heap: Heap;
  /** What the page threw, and did not catch. */
  readonly #thrown: string[];
  /** Rejects when the tab's process dies, of which the developer tools say nothing. */
  readonly #crash: Promise<never>;

  private constructor(page: Page, heap: Heap, thrown: string[]) {
    this.#page = page;
    this.#heap = heap;
    this.#thrown = thrown;
    this.#crash = new Promise((_resolve, reject) => {
      page.on("crash", () => {
        reject(new Error("The tab crashed"));
      });
    });
    this.#crash.catch(() => undefined);
  }

  /** Opens a tab, and creates its client. */
  static async open(context: BrowserContext, site: Site, access: Access, isForgetful: boolean): Promise<Cinema> {
    const page = await context.newPage();
    const thrown: string[] = [];
    page.on("pageerror", (error) => thrown.push(String(error)));
    await page.goto(site.page("soak/cinema.html"));
    await page.evaluate(
      async ([access, isForgetful]) => {
        await (window as unknown as { cinema: InPage }).cinema.open(access, isForgetful);
      },
      [access, isForgetful] as const,
    );
    return new Cinema(page, await Heap.of(page), thrown);
  }

  /** Plays a film, under a name by which it is known from then on. */
  async show(name: string, how: How, videoId: string): Promise<void> {
    await this.#call("show", name, how, videoId);
  }

  /** Ends a film, and plays it again from its beginning in a new element and session. */
  async restart(name: string, how: How, videoId: string): Promise<void> {
    await this.#call("restart", name, how, videoId);
  }

  /** Jumps to so many seconds from the film's beginning. */
  async seek(name: string, at: number): Promise<void> {
    await this.#call("seek", name, at);
  }

  async pause(name: string): Promise<void> {
    await this.#call("pause", name);
  }

  async play(name: string): Promise<void> {
    await this.#call("play", name);
  }

  /** Creates a client, plays a film until its first picture, and destroys both. */
  async shortLife(access: Access, videoId: string): Promise<void> {
    await this.#call("shortLife", access, videoId);
  }

  /** The memory when all films play, and Workers that were ended are gone. */
  async sample(): Promise<Sample> {
    const isSettled = (): boolean => (window as unknown as { cinema: InPage }).cinema.isSettled();
    await this.#page.waitForFunction(isSettled, undefined, { polling: 250, timeout: TIMEOUT });
    await expect.poll(() => this.#page.workers().length, { timeout: TIMEOUT }).toBe(1);
    return Promise.race([this.#memory(), this.#crash]);
  }

  async #memory(): Promise<Sample> {
    const { page, worker } = this.#heap;
    const [heap, workerHeap, wasm] = [await page.heapBytes(), await worker.heapBytes(), await worker.wasmBytes()];
    return { heap, worker: workerHeap, wasm, ...(await this.#heap.counters()) };
  }

  async report(): Promise<Report & { thrown: string[] }> {
    return { ...(await this.#call("report")), thrown: this.#thrown };
  }

  async #call<Name extends keyof InPage>(
    name: Name,
    ...args: Parameters<InPage[Name]>
  ): Promise<Awaited<ReturnType<InPage[Name]>>> {
    return this.#page.evaluate(
      async ([name, args, patience]) => {
        const { cinema } = window as unknown as { cinema: Record<string, (...args: unknown[]) => unknown> };
        const late = new Promise((_resolve, reject) => {
          setTimeout(() => {
            reject(
              new Error(`${name} ${JSON.stringify(args)} took over ${patience} ms: ${String(cinema["state"]?.())}`),
            );
          }, patience);
        });
        return (await Promise.race([cinema[name]?.(...args), late])) as never;
      },
      [name as string, args as unknown[], TIMEOUT] as const,
    );
  }
}
