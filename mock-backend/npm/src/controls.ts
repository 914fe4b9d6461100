// What a test does to a mock, wherever that runs.
import type { Core } from "./core.js";
import { MockBackendError } from "./error.js";
import type { CreatedKey, Fault, JournalEntry, KeyRequest, Video } from "./models.js";

/** What a test does to a mock. */
export class Controls {
  /** @internal */
  protected readonly core: Core;

  /** @internal */
  constructor(core: Core) {
    this.core = core;
  }

  /** An API key that works from the start, and again after a reset. */
  get apiKey(): string {
    return this.core.apiKey;
  }

  /** Every video of the key's owner, the first of the list first. */
  get videos(): Video[] {
    return this.core.videos() as Video[];
  }

  /** The time by the mock's clock. */
  get now(): Date {
    return new Date(this.core.now());
  }

  /** Moves the mock's clock by so many seconds; backwards, where they are negative. */
  advance(seconds: number): void {
    if (typeof seconds !== "number" || Number.isNaN(seconds)) {
      throw new MockBackendError(`The clock moves by a number of seconds; expected one, not ${String(seconds)}.`);
    }
    this.core.advance(seconds);
  }

  /**
   * Sets a fault, beside those that are set.
   *
   * @throws MockBackendError - a sentence saying what is wrong with the fault
   */
  setFault(fault: Fault): void {
    this.core.setFault(fault);
  }

  /** Takes all faults away. */
  clearFaults(): void {
    this.core.clearFaults();
  }

  /** The requests so far, the oldest first; empty where `control` is off. Keys and tokens in it are cut short. */
  journal(): JournalEntry[] {
    return this.core.journal() as JournalEntry[];
  }

  /**
   * Makes a key. It is not held to the dashboard's ten.
   *
   * @throws MockBackendError - a sentence saying what is wrong with what was asked for
   */
  createKey(wanted: KeyRequest = {}): CreatedKey {
    return this.core.createKey(wanted) as CreatedKey;
  }

  /** Revokes the keys with this 12-character prefix, or this whole key; says whether there was an active one. */
  revokeKey(prefix: string): boolean {
    return this.core.revokeKey(prefix.slice(0, 12));
  }

  /**
   * Back to the state at the start: the seed with the same API key, no faults, an empty journal, the system's time. Playback
   * tokens of before are invalid.
   */
  reset(): void {
    this.core.reset();
  }
}
