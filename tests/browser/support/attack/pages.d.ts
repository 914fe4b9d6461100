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
    /** What it said that is none of the messages of js/src/protocol.ts. */
    misshapen: string[];
    /** Calls that got no answer, and such that got more than one. */
    unanswered: number;
    answeredTwice: number;
    /** How many messages came from the Worker. */
    heard: number;
    /** The id of a video that the page asked for at the end. */
    last: string;
  }

  export interface Fuzz {
    seed: number;
    count: number;
    elsewhere: string;
    /** Milliseconds that every call has to be answered in. */
    patience: number;
  }

  export function fuzz(entry: string, access: object, how: Fuzz): Promise<Fuzzed>;
}

declare module "attack/listener.js" {
  export interface Listened {
    /** What a promise of the SDK rejected with that is no AnsdevError. */
    untyped: string[];
    /** Promises that settled neither way. */
    unsettled: string[];
    /** What nobody caught. */
    thrown: string[];
    /** Promises that settled. */
    settled: number;
  }

  export function listen(entry: string, access: object): Promise<Listened>;
}

declare module "attack/sweep/run.js" {
  export interface Access {
    apiKey: string;
    baseUrl: string;
    /** More of them. */
    options: Record<string, string>;
  }

  export interface Recorded {
    touched: string[];
    /** Members of dictionaries that `Object.prototype` was asked for. */
    asked: string[];
    skipped: number;
    reached: number;
    outcome: string;
  }

  export interface Part {
    varied: number;
    absent: number;
    unused: number;
    outcomes: Record<string, number>;
    losses: { run: number; what: string }[];
  }

  export interface How {
    access: Access;
    /** Bytes of the attacker's WebAssembly. */
    module: number[];
    seed: number;
    touched: string[];
    runs: number[];
    stranger: string;
    stop: boolean;
  }

  export function recorded(entry: string, access: Access): Promise<Recorded>;
  export function planned(touched: string[], seed: number): { first: number; labels: string[] };
  export function sweep(entry: string, how: How): Promise<Part>;
}

declare module "attack/acting.js" {
  export interface Means {
    stranger: string;
    /** Bytes of the attacker's WebAssembly. */
    module: number[];
  }

  export interface Acted {
    /** What came to the attacker in the page. */
    loot: string[];
    isolation?: string;
    code?: string;
  }

  export function act(name: string, entry: string, access: object, means: Means): Promise<Acted>;
}

declare module "attack/nodes.js" {
  export function fromNodes(apiKey: string): { loot: string[]; isReacts: boolean };
}

declare module "attack/finder.js" {
  export function find(): Promise<Record<"list" | "get" | "another" | "nearly" | "own", string | number>>;
  export function spend(rounds: number): Promise<number>;
  export function flood(seconds: number): Promise<{ asked: number; took: number }>;
}

declare module "attack/tabs.js" {
  export function lie(baseUrl: string, count: number): Promise<string>;
  export function hold(baseUrl: string): void;
}
