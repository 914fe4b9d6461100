// How a mock shall be, checked before anything starts.
import type { CoreOptions } from "./core.js";
import { MockBackendError } from "./error.js";

/** How a mock shall be. */
export interface MockOptions {
  /** Seconds that a playback token lives, from 1 to 86,400. Default 300. */
  ttl?: number | undefined;
  /** Playback tokens that a key can mint in a UTC day. Default 1000. */
  quota?: number | undefined;
  /** What it holds at the start: videos of every kind, or a user and a key. Default `"demo"`. */
  seed?: "demo" | "empty" | undefined;
  /** The API key that works from the start. Default: a new one for each mock. */
  apiKey?: string | undefined;
  /**
   * Host names, besides loopback's, under which dashboard, demo and control plane answer; without scheme and port. The API,
   * the CDN and the hosted player answer under every name.
   */
  allowHosts?: string[] | undefined;
  /** Whether the control plane is there, at `/_mock/`, and the journal kept. Default true. */
  control?: boolean | undefined;
  /** @internal For comparing mocks: random bytes from a number, and a clock that stands until it is moved. */
  repeat?: { seed: number; nowMs: number } | undefined;
}

/** Names, so that a misspelt option is an error and not a default. */
const KNOWN = ["ttl", "quota", "seed", "apiKey", "allowHosts", "control", "repeat"];

/** @throws MockBackendError - that says what was expected */
export function checked(options: MockOptions, more: string[]): CoreOptions {
  const known = [...KNOWN, ...more];
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) refuse(`There is no option ${name}; expected ${known.slice(0, -1).join(", ")}.`);
  }
  const { ttl, quota, seed, apiKey, allowHosts, control = true, repeat } = options;
  wholeNumber("ttl", ttl, 1, 86_400);
  wholeNumber("quota", quota, 0, 4_294_967_295);
  if (seed !== undefined && !["demo", "empty"].includes(seed)) {
    refuse(`The option seed is ${JSON.stringify(seed)}; expected "demo" or "empty".`);
  }
  if (typeof control !== "boolean") refuse("The option control is expected to be true or false.");
  if (apiKey !== undefined && typeof apiKey !== "string") refuse("The option apiKey is expected to be a text.");
  if (
    allowHosts !== undefined &&
    !(Array.isArray(allowHosts) && allowHosts.every((name) => typeof name === "string"))
  ) {
    refuse("The option allowHosts is expected to be a list of host names.");
  }
  return {
    ...(apiKey !== undefined && { apiKey }),
    ...(allowHosts !== undefined && { allowHosts }),
    ...(ttl !== undefined && { ttl }),
    ...(quota !== undefined && { quota }),
    ...(seed !== undefined && { seed }),
    ...(repeat !== undefined && { repeat }),
    control,
  };
}

/** @throws MockBackendError - where there is a value and it is no whole number in the range */
export function wholeNumber(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  refuse(`The option ${name} is ${String(value)}; expected a whole number from ${least} to ${most}.`);
}

function refuse(message: string): never {
  throw new MockBackendError(message);
}
