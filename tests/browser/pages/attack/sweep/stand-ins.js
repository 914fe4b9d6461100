/** What the attacker puts in the place of what a realm has, and how. */
import { CONSTRUCTORS, MEMBERS, OPTIONS, SYMBOLS } from "./lists.js";
import { isObject, keyOf, objectAt } from "./points.js";

const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect;

/** What functions, getters and setters do that stand for the platform's. The likeliest to take something come first. */
const OF_FUNCTIONS = ["attacker", "arguments", "bends", "synchronous", "throws", "true", "null", "object"];
/** What a getter gives where there was nothing. */
const OF_MEMBERS = ["bends", "function", "script", "address", "true", "null", "object", "throws"];
/** What a type check by `instanceof` is answered. */
const OF_CHECKS = ["true", "bends", "false", "throws", "null"];
/** What a promise becomes: at once, or where it is rejected. */
const KINDS = ["module", "script", "address", "worker", "true", "null", "object", "like"];
const OF_THEN = [...KINDS.map((kind) => `late:${kind}`), ...KINDS.map((kind) => `early:${kind}`), "throws"];
const OF_CONSTRUCTORS = ["class", "object", "function", "throws", "null"];

/**
 * Every stand-in, in an order that is always the same: `first` is what a short sweep tries whole, `rest` is what it takes
 * a sample of.
 *
 * @param touched - The points that the recorder saw, as `path name part`.
 */
export function standIns(touched) {
  const first = [];
  const rest = [];
  const add = (list, ...patches) => list.push(patches);

  for (const kind of ["module", "like"]) {
    const hook = promiseHook(`late:${kind}`);
    add(first, ...hook);
    for (const path of ["Response", "WebAssembly/Module", "URL"])
      add(first, patch(path, "@@hasInstance", "true"), ...hook);
  }
  for (const name of MEMBERS) {
    const likely = OPTIONS.includes(name) ? ["bends", "script", "address"] : ["bends"];
    for (const mode of OF_MEMBERS) {
      add(likely.includes(mode) ? first : rest, patch("Object/prototype", name, mode, "get"));
    }
  }
  for (const path of CONSTRUCTORS) {
    for (const mode of OF_CHECKS) {
      add(mode === "true" || mode === "bends" ? first : rest, patch(path, "@@hasInstance", mode));
    }
  }
  for (const point of touched) {
    const [path, name, part] = point.split(" ");
    // Tried below, for more of them.
    if (name === "constructor") continue;
    OF_FUNCTIONS.forEach((mode, index) => add(index < 2 ? first : rest, patch(path, name, mode, part)));
  }
  for (const mode of OF_THEN) {
    for (const path of ["Promise", "Object", "Array", "Function", "String"]) {
      add(rest, patch(`${path}/prototype`, "then", mode));
    }
    add(rest, ...promiseHook(mode));
  }
  for (const path of CONSTRUCTORS) {
    for (const mode of OF_CONSTRUCTORS) add(rest, patch(`${path}/prototype`, "constructor", mode));
    for (const mode of ["late:module", "early:object", "throws"]) add(rest, patch(`${path}/prototype`, "then", mode));
    for (const symbol of SYMBOLS) {
      if (symbol === "@@hasInstance") continue;
      for (const mode of ["function", "throws"]) {
        for (const holder of [path, `${path}/prototype`]) add(rest, patch(holder, symbol, mode, "get"));
      }
    }
    // A type check that is fooled, and a promise that is bent.
    for (const mode of OF_THEN) add(rest, patch(path, "@@hasInstance", "true"), ...promiseHook(mode));
  }
  return { first, rest };
}

/** `await` takes the platform's word only for promises whose constructor is the platform's. */
function promiseHook(mode) {
  return [patch("Promise/prototype", "constructor", "object"), patch("Promise/prototype", "then", mode)];
}

function patch(path, name, mode, part = "value") {
  return { path, name, mode, part };
}

export function labelOf(patches) {
  return patches.map(({ path, name, mode, part }) => `${path}/${name} ${part} ${mode}`).join(" + ");
}

/** Puts a stand-in into a realm. `false` where what it stands for is not there, or cannot be replaced. */
export function put(roots, patches, attacker) {
  return patches.every(({ path, name, mode, part }) => {
    const holder = objectAt(roots, path);
    if (holder === undefined) return false;
    const key = keyOf(name);
    const label = `${path}/${name}`;
    const before = getOwnPropertyDescriptor(holder, key);
    const original = before?.[part];
    const replaced = { configurable: true, enumerable: before?.enumerable ?? false };
    if (part === "value") replaced.writable = true;
    else Object.assign(replaced, { get: before?.get, set: before?.set });
    if (part === "get" && before === undefined) replaced.set = overheard(name, label, attacker);
    replaced[part] =
      typeof original === "function" && OF_FUNCTIONS.includes(mode) && name !== "constructor"
        ? replacement(original, mode, label, attacker)
        : made(original, mode, label, part, name, attacker);
    return defineProperty(holder, key, replaced);
  });
}

/** A function that stands for one of the platform's. */
function replacement(original, mode, label, attacker) {
  const act = (self, args, call) => {
    attacker.use();
    attacker.look(label, [self, args]);
    switch (mode) {
      case "attacker":
        return attacker.like(attempt(call, args), label);
      case "arguments":
        return call(args.map((value) => attacker.like(value, label)));
      case "bends": {
        for (const value of [self, ...args]) attacker.bend(value, label);
        const result = call(args);
        attacker.bend(result, label);
        return result;
      }
      case "synchronous":
        for (const value of args) {
          if (typeof value === "function") attempt((given) => apply(value, undefined, given), [attacker.event()]);
        }
        return call(args);
      default:
        return attacker.give(mode, label);
    }
  };
  const seen = (result) => {
    attacker.look(`${label}()`, result);
    return result;
  };
  return new Proxy(original, {
    apply: (target, self, args) => act(self, args, (given) => seen(apply(target, self, given))),
    construct: (target, args, newTarget) =>
      act(undefined, args, (given) => seen(construct(target, given, isObject(newTarget) ? newTarget : target))),
  });
}

function attempt(call, args) {
  try {
    return call(args);
  } catch {
    return undefined;
  }
}

/** What the attacker puts where there was nothing, or no function of the platform that he would call. */
function made(original, mode, label, part, name, attacker) {
  if (name === "then") return bentThen(original, mode, label, attacker);
  const answer = (self, args) => {
    attacker.use();
    attacker.look(label, [self, args]);
    if (mode !== "bends") return attacker.give(mode, label);
    for (const value of [self, ...args]) attacker.bend(value, label);
    return name === "@@hasInstance" ? true : undefined;
  };
  if (part === "get" || name === "@@hasInstance") {
    return function (...args) {
      return answer(this, args);
    };
  }
  // A value: reading it is not seen.
  if (mode === "throws") return () => answer(undefined, []);
  attacker.use();
  return attacker.give(mode, label);
}

function overheard(name, label, attacker) {
  return function (value) {
    attacker.use();
    attacker.look(label, [this, value]);
    defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
  };
}

/** A `then` that settles promises as it likes: `early`, whatever they become, or `late`, where they are rejected. */
function bentThen(original, mode, label, attacker) {
  const [when, kind] = mode.split(":");
  let times = 0;
  return function (onFulfilled, onRejected) {
    attacker.use();
    attacker.look(label, [this, onFulfilled, onRejected]);
    // What he gives may have this very `then`, for ever.
    if (++times > 50) return undefined;
    if (kind === undefined) return attacker.give(mode, label);
    const given = (value) => (kind === "like" ? attacker.like(value, label) : attacker.give(kind, label));
    const bent = (value) => (typeof onFulfilled === "function" ? onFulfilled(given(value)) : undefined);
    if (when === "early" || typeof original !== "function") return bent();
    const fulfilled = (value) => {
      attacker.look(`${label} (fulfilled)`, value);
      // With numbers of his own, nothing would get as far as to send the key.
      if (kind === "like" && attacker.isWorthwhile(value)) return bent(value);
      return typeof onFulfilled === "function" ? onFulfilled(value) : value;
    };
    return apply(original, this, [fulfilled, bent]);
  };
}
