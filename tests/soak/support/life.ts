import type { Fault, Mock } from "../../browser/support/mock.ts";
import type { Cinema } from "./cinema.ts";
import type { Pause } from "./mints.ts";

/** Seconds that a token lives. */
export const TOKEN_LIFE = 3;

/** The film that both tabs play, with one token between them. */
const SHARED = { name: "element", videoId: "vid_two_hours" };
/** One that a page plays with its own hls.js, again and again. */
const OWN = { name: "own", videoId: "vid_two_renditions" };
/** One that is paused most of the time. */
export const PAUSED = { name: "paused", videoId: "vid_rotating_keys" };
/** One with a client of its own, which is gone again at once. */
const SHORT = "vid_single_key";

/**
 * Where the film of two hours is jumped to, in seconds, again and again: of each segment that was played hls.js keeps a few
 * hundred bytes, for as long as the film may be jumped back.
 */
const JUMPS = [600, 2_000, 3_400, 4_800, 6_200];

/** What goes wrong all the time, by chance. */
const FAULTS: Fault[] = [
  { route: "mint", kind: "status", value: 503, probability: 0.04 },
  { route: "mint", kind: "drop", probability: 0.02 },
  { route: "mint", kind: "latency", value: 300, probability: 0.1 },
  { route: "manifest", kind: "status", value: 503, probability: 0.05 },
  { route: "key", kind: "status", value: 503, probability: 0.02 },
  { route: "key", kind: "drop", probability: 0.02 },
  { route: "key", kind: "latency", value: 300, probability: 0.1 },
  { route: "segment", kind: "drop", probability: 0.01 },
];

/** Two tabs of a site, and all that viewers and networks do to them. */
export class Life {
  /** When the paused film was paused. */
  readonly pauses: Pause[] = [];
  /** What was done, by its name. */
  readonly done = { seeks: 0, pauses: 0, recreations: 0, refusals: 0 };
  readonly #mock: Mock;
  readonly #first: Cinema;
  readonly #second: Cinema;
  #pausedFrom = 0;

  constructor(mock: Mock, first: Cinema, second: Cinema) {
    this.#mock = mock;
    this.#first = first;
    this.#second = second;
  }

  /** Every film plays, but the one that is paused. */
  async begin(): Promise<void> {
    await this.#first.show(SHARED.name, "element", SHARED.videoId);
    await this.#second.show(SHARED.name, "element", SHARED.videoId);
    await this.#first.show(OWN.name, "hls.js", OWN.videoId);
    await this.#first.show(PAUSED.name, "element", PAUSED.videoId);
    await this.#pauseForLong();
    for (const fault of FAULTS) await this.#mock.fault(fault);
  }

  /** What happens in one round, in this order. */
  get acts(): (() => Promise<void>)[] {
    return [
      () => this.#seek(this.#first),
      () => this.#recreate("element", SHARED),
      () => this.#seek(this.#second),
      () => this.#pauseForShort(),
      () => this.#recreate("hls.js", OWN),
      () => this.#lookAtThePaused(),
      () => this.#shortLife(),
      () => this.#refuse(),
    ];
  }

  /** The paused film is watched again, for the last time. */
  end(): void {
    this.pauses.push({ from: this.#pausedFrom, to: Date.now() });
  }

  async #seek(tab: Cinema): Promise<void> {
    await tab.seek(SHARED.name, JUMPS[this.done.seeks % JUMPS.length] ?? 0);
    this.done.seeks++;
  }

  async #recreate(how: "element" | "hls.js", { name, videoId }: typeof SHARED): Promise<void> {
    this.done.recreations++;
    await this.#first.restart(name, how, videoId);
  }

  /** Longer than a token lives. */
  async #pauseForShort(): Promise<void> {
    this.done.pauses++;
    await this.#first.pause(SHARED.name);
    await passed(TOKEN_LIFE + 0.5);
    await this.#first.play(SHARED.name);
  }

  async #lookAtThePaused(): Promise<void> {
    this.end();
    await this.#first.play(PAUSED.name);
    await passed(1);
    await this.#first.seek(PAUSED.name, 0);
    await this.#pauseForLong();
  }

  async #pauseForLong(): Promise<void> {
    this.done.pauses++;
    await this.#first.pause(PAUSED.name);
    this.#pausedFrom = Date.now();
  }

  async #shortLife(): Promise<void> {
    this.done.recreations++;
    // A key of its own, by which the journal tells its mints from the others.
    await this.#first.shortLife({ apiKey: await this.#mock.createKey({}), baseUrl: this.#mock.url }, SHORT);
  }

  /** The next key that anybody asks for is refused, for once. */
  async #refuse(): Promise<void> {
    this.done.refusals++;
    await this.#mock.fault({ route: "key", kind: "status", value: 401, times: 1 });
  }
}

/** Lets so many seconds of the films pass. */
export async function passed(seconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
