/* The hostile scripts of pages/attack/, as tests import them inside the browser. */

declare module "attack/patched.js" {
  export interface Outcome {
    /** Replaced functions that did not report a key that they were shown. */
    blind: string[];
    /** What was seen of the key, or of a way to it. */
    loot: string[];
    /** Codes of the errors of a client's life. */
    errors: string[];
  }

  export function underPatches(subject: string, entry: string, access: object): Promise<Outcome>;
}

declare module "attack/traces.js" {
  export interface Traces {
    /** Where something of the key, or a way to it, was found. */
    loot: string[];
    /** Codes of the errors of a client's life. */
    errors: string[];
    hasEvents: boolean;
    /** What tabs tell each other. */
    overheard: unknown[];
  }

  export function traces(entry: string, access: object): Promise<Traces>;
}

declare module "attack/life.js" {
  import type { Client, Session } from "@ansdev/player";

  export interface Life {
    client: Client;
    session: Session;
  }

  export function live(createClient: unknown, access: object): Promise<Life>;
  export function die(life: Life): Promise<void>;
}

declare module "attack/fuzz.js" {
  export interface Fuzzed {
    /** What the Worker said of the key. */
    loot: string[];
    /** How many messages came from the Worker. */
    heard: number;
    /** The type of the answer to a proper call at the end. */
    last: string;
  }

  export function fuzz(entry: string, access: object, count: number, elsewhere: string): Promise<Fuzzed>;
}
