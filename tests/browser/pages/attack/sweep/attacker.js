import { look } from "./look.js";

const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
const { toString } = Object.prototype;

const MAX_USES = 3_000;

/** An attacker in one realm: what he has of his own to put in the place of what is the SDK's, and what he has taken. */
export class Attacker {
  /** What he has seen, and where. */
  loot = new Set();
  /** How often one of his stand-ins was used. */
  uses = 0;
  #realm;
  #secret;
  #run;
  #stranger;
  #module;
  /** His own objects, in which the key is no find: they are asked for it where they are used. */
  #mine = new WeakSet();
  #isBusy = false;

  /** @param options - `run`: its number; `stranger`: an origin of his; `module`: bytes of his WebAssembly. */
  constructor(realm, secret, { run, stranger, module }) {
    // Taken before anything is replaced: he knows what he replaces.
    const { Array, Blob, MessageChannel, MessageEvent, Promise, Response, TypeError, URL, Uint8Array, Worker } = realm;
    const { Module } = realm.WebAssembly;
    const classes = { Array, Blob, MessageChannel, MessageEvent, Module, Promise, Response };
    this.#realm = { ...classes, TypeError, URL, Uint8Array, Worker };
    this.#secret = secret;
    this.#run = run;
    this.#stranger = stranger;
    this.#module = module;
  }

  /** The address of a script that tells what it gets as a Worker. */
  get script() {
    return `${location.origin}/attack/attackers-worker.js?run=${this.#run}`;
  }

  /** An address at which somebody listens. */
  get address() {
    return `${this.#stranger}/run/${this.#run}/`;
  }

  /** One of his stand-ins is used. It gives up where it has the SDK turn in a circle. */
  use() {
    if (++this.uses > MAX_USES) throw new this.#realm.TypeError("Not for ever");
  }

  /** Looks through what a stand-in is handed. */
  look(label, value) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      look(value, this.#secret, this.#mine, (what) => this.loot.add(`${label}: ${what}`));
    } finally {
      this.#isBusy = false;
    }
  }

  /** A function that looks at what it is called with, and answers with the address of his script. */
  function(label) {
    return this.#own((...args) => {
      this.look(`${label} (his function)`, args);
      return this.script;
    });
  }

  /** Something of a kind that is named. */
  give(kind, label) {
    switch (kind) {
      case "function":
        return this.function(label);
      case "script":
        return this.script;
      case "address":
        return this.address;
      case "url":
        return this.#own(new this.#realm.URL(this.address));
      case "worker":
        return this.#own(new this.#realm.Worker(this.script));
      case "module":
        return this.#compiled();
      case "response":
        return this.#own(new this.#realm.Response("", { headers: { "content-type": "application/wasm" } }));
      case "class":
        return this.#class(label);
      case "error":
        return this.#own(new this.#realm.TypeError("Not today"));
      case "true":
        return true;
      case "false":
        return false;
      case "null":
        return null;
      case "undefined":
        return undefined;
      case "object":
        return this.#own({});
      case "throws":
        throw new this.#realm.TypeError("Not today");
      default:
        throw new Error(`The attacker has no ${kind}`);
    }
  }

  /** An event that says what the SDK waits for. */
  event() {
    return this.#own(new this.#realm.MessageEvent("message", { data: { type: "booted" } }));
  }

  /** Something of his own that passes for the value. */
  like(value, label, depth = 0) {
    switch (typeof value) {
      case "string":
        return value.startsWith("blob:") || value.includes(".js") ? this.script : this.address;
      case "boolean":
        return !value;
      case "number":
        return 0;
      case "function":
        return this.function(label);
      case "object":
        break;
      default:
        return this.#own({});
    }
    if (value === null) return this.#own({});
    const tag = tagOf(value);
    const { Array, Blob, MessageChannel, Promise, URL, Uint8Array, Worker } = this.#realm;
    switch (tag) {
      case "Worker":
        return this.#own(new Worker(this.script));
      case "URL":
        return this.#own(new URL(this.address));
      case "TrustedScriptURL":
        return this.script;
      case "Blob":
        return this.#own(new Blob([`importScripts(${JSON.stringify(this.script)})`], { type: "text/javascript" }));
      case "MessageChannel":
        return this.#own(new MessageChannel());
      case "MessagePort":
        return this.#port(new MessageChannel(), label);
      case "Uint8Array":
      case "ArrayBuffer":
        return tag === "Uint8Array" ? new Uint8Array(40) : new Uint8Array(40).buffer;
      case "WebAssembly.Module":
        return this.#compiled();
      case "Response":
        return this.give("response", label);
      case "Promise":
        return Promise.resolve(this.#own({}));
      case "Array":
        return depth > 1 ? value : Array.from(value, (entry) => this.like(entry, label, depth + 1));
    }
    if (/ Iterator$/.test(tag)) return this.#own([this.script, this.address, this.#own({})][Symbol.iterator]());
    const copy = {};
    if (depth < 2) {
      for (const name of ownKeys(value)) {
        const held = getOwnPropertyDescriptor(value, name)?.value;
        defineProperty(copy, name, { value: this.like(held, label, depth + 1), configurable: true, enumerable: true });
      }
    }
    return this.#own(copy);
  }

  /** Whether a value is of a kind that leads somewhere: an address, or something of the platform's. */
  isWorthwhile(value) {
    return typeof value === "string" || (typeof value === "object" && value !== null && KINDS.includes(tagOf(value)));
  }

  /** Changes an object that is the SDK's: its functions and addresses become his. */
  bend(value, label) {
    if (typeof value !== "object" || value === null || this.#mine.has(value)) return;
    try {
      apply(setHref, value, [this.address]);
      return;
    } catch {
      // No URL.
    }
    try {
      for (const name of ownKeys(value)) {
        const property = getOwnPropertyDescriptor(value, name);
        const { value: held, configurable, writable } = property;
        const isHis = typeof held === "function" || (typeof held === "string" && /^\w+:/.test(held));
        if (isHis && (configurable || writable)) {
          defineProperty(value, name, { ...property, value: this.like(held, label) });
        }
      }
    } catch {
      // A proxy, or a window of another origin.
    }
  }

  #compiled() {
    return this.#own(new this.#realm.Module(this.#module));
  }

  #class(label) {
    const take = (value) => this.look(`${label} (his class)`, value);
    const instance = this.#own({});
    return this.#own(
      class {
        constructor(...args) {
          take(args);
          // An executor, as promises have it.
          if (typeof args[0] === "function") args[0](take, take);
          return instance;
        }
      },
    );
  }

  #port({ port1, port2 }, label) {
    port2.onmessage = ({ data }) => this.look(`${label} (his port)`, data);
    return this.#own(port1);
  }

  #own(object) {
    this.#mine.add(object);
    return object;
  }
}

const KINDS = [
  ...["Worker", "URL", "TrustedScriptURL", "Blob", "MessageChannel", "MessagePort", "Uint8Array", "ArrayBuffer"],
  ...["WebAssembly.Module", "Response"],
];
const setHref = getOwnPropertyDescriptor(URL.prototype, "href").set;

function tagOf(value) {
  try {
    return apply(toString, value, []).slice(8, -1);
  } catch {
    return "";
  }
}
