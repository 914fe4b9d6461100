import { search } from "./search.js";

const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect;

/** Steps from an argument to what is looked at: `init.headers.key`, `event.target`, and a little more. */
const DEPTH = 3;
/** What every script can look at anyway, and large. */
const SKIP = [globalThis, document, Object.prototype, Function.prototype, Array.prototype];

/** The fields of a property that can hold a function. */
const PARTS = ["value", "get", "set"];

/**
 * A hostile script: it puts functions of its own in the place of the platform's, and looks at all that passes through
 * them: what they are called on, their arguments and results, and those of the callbacks that they are given.
 */
export class Spy {
  /** What was seen of the secret, or of a way to it. */
  loot = new Set();
  /** How often a replaced function was called; an attack that nothing passes by has seen nothing. */
  calls = 0;
  #secret;
  #patches = [];
  #isBusy = false;
  /** Nothing is passed on: a try-out. */
  #isDry = false;

  constructor(secret) {
    this.#secret = secret;
  }

  /** Replaces methods, or the getters and setters of properties. Without names: all that can be replaced. */
  patch(label, holder, names = Reflect.ownKeys(holder)) {
    for (const name of names) {
      const property = getOwnPropertyDescriptor(holder, name);
      if (!property?.configurable || name === "constructor") continue;
      const at = `${label}.${String(name)}`;
      const replaced = { ...property };
      for (const part of PARTS) {
        if (typeof property[part] === "function") replaced[part] = this.#spied(at, property[part]);
      }
      if (PARTS.some((part) => replaced[part] !== property[part])) this.#put(at, holder, name, property, replaced);
    }
  }

  /** Puts a getter and a setter where there is nothing, for code that reads what was left out. */
  trap(label, holder, names) {
    for (const name of names) {
      if (Object.hasOwn(holder, name)) continue;
      const at = `${label}.${String(name)}`;
      const look = (value) => this.#look(at, value);
      const trap = {
        configurable: true,
        get() {
          look(this);
          return undefined;
        },
        set(value) {
          look([this, value]);
          defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        },
      };
      this.#put(at, holder, name, undefined, trap);
    }
  }

  /** Looks at something else that an attacker can get at. */
  look(label, value) {
    this.#look(label, value);
  }

  /** Each replaced function is shown the secret; the names of those that did not report it. */
  blindSpots(key) {
    const blind = [];
    for (const { at, holder, name } of this.#patches) {
      this.loot.clear();
      const property = getOwnPropertyDescriptor(holder, name);
      for (const part of PARTS) {
        if (typeof property[part] === "function") this.#tryOut(property[part], { key });
      }
      if (this.loot.size === 0) blind.push(at);
    }
    this.loot.clear();
    this.calls = 0;
    return blind;
  }

  /** Puts everything back. */
  end() {
    this.#isBusy = true;
    for (const { holder, name, property } of this.#patches.reverse()) {
      if (property) defineProperty(holder, name, property);
      else delete holder[name];
    }
  }

  #tryOut(spied, bait) {
    this.#isDry = true;
    try {
      apply(spied, bait, [bait]);
    } catch {
      // A replaced class cannot be called without `new`; its arguments were seen all the same.
    }
    this.#isDry = false;
  }

  #put(at, holder, name, property, replaced) {
    if (defineProperty(holder, name, replaced)) this.#patches.push({ at, holder, name, property });
  }

  #spied(at, original) {
    return new Proxy(original, {
      apply: (target, self, args) => {
        if (this.#isBusy) return apply(target, self, args);
        this.#look(at, self);
        const seen = this.#lookAtAll(at, args);
        if (this.#isDry) return undefined;
        const result = apply(target, self, seen);
        this.#look(`${at}()`, result);
        return result;
      },
      construct: (target, args, newTarget) => {
        if (this.#isBusy) return construct(target, args, newTarget);
        const result = construct(target, this.#lookAtAll(at, args), newTarget);
        this.#look(`new ${at}`, result);
        return result;
      },
    });
  }

  /** The arguments, with callbacks replaced by such as tell what they are called with. */
  #lookAtAll(at, args) {
    const seen = [];
    for (let index = 0; index < args.length; index++) {
      const value = args[index];
      this.#look(at, value);
      defineProperty(seen, index, {
        value: typeof value === "function" ? this.#overheard(at, value) : value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return seen;
  }

  #overheard(at, callback) {
    const look = (value) => this.#look(`${at} (callback)`, value);
    return function (...args) {
      look(this);
      look(args);
      // What every script sees while an event is handled.
      look(globalThis.event);
      return apply(callback, this, args);
    };
  }

  #look(at, value) {
    this.#quietly(() => {
      this.calls++;
      const found = (what) => this.loot.add(`${at}: ${what}`);
      search(value, this.#secret, found, { depth: DEPTH, skip: SKIP, later: (run) => this.#quietly(run) });
    });
  }

  /** The spy uses what it has replaced, and must not spy on itself. */
  #quietly(run) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      run();
    } finally {
      this.#isBusy = false;
    }
  }
}
