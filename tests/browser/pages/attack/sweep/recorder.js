/** Learns which points of its realm a script touches. */
import { MEMBERS } from "./lists.js";
import { isObject, nameOf, points } from "./points.js";

const { apply, construct, defineProperty, get, getOwnPropertyDescriptor } = Reflect;

/** What is looked up on a constructor besides its own methods. */
const LOOKED_UP = ["@@hasInstance", "@@species", "constructor", "then", "resolve"];

/**
 * Replaces every function, getter, setter and constructor of the realm by one that notes that it was used, and passes
 * on. `touched` grows from then on; `skipped` are the points that cannot be replaced.
 */
export function record(realm) {
  const touched = new Set();
  const skipped = [];
  let reached = 0;
  for (const { path, name, holder, key, property } of [...points(realm)]) {
    reached++;
    if (!property.configurable) {
      skipped.push(`${path} ${name}`);
      continue;
    }
    const note = (part) => touched.add(`${path} ${name} ${part}`);
    const replaced = { configurable: true, enumerable: property.enumerable };
    if ("value" in property) {
      Object.assign(replaced, valueOf(property.value, note, path === "" ? name : `${path}/${name}`, touched));
      replaced.writable = property.writable;
    } else {
      for (const part of ["get", "set"]) replaced[part] = property[part] && noted(property[part], () => note(part));
    }
    try {
      defineProperty(holder, key, replaced);
    } catch {
      skipped.push(`${path} ${name}`);
    }
  }
  for (const name of MEMBERS) trap(realm, name, touched);
  return { touched, skipped, reached };
}

/** A function that notes its calls, and what is looked up on it. */
function valueOf(value, note, path, touched) {
  return {
    value: new Proxy(value, {
      apply: (target, self, args) => (note("value"), apply(target, self, args)),
      construct: (target, args, newTarget) => {
        note("value");
        return construct(target, args, isObject(newTarget) ? newTarget : target);
      },
      get: (target, key, receiver) => {
        const name = nameOf(key);
        if (LOOKED_UP.includes(name)) touched.add(`${path} ${name} lookup`);
        return get(target, key, receiver);
      },
    }),
  };
}

function noted(accessor, note) {
  return new Proxy(accessor, { apply: (target, self, args) => (note(), apply(target, self, args)) });
}

/** Notes who asks `Object.prototype` for what it does not have. */
function trap(realm, name, touched) {
  const holder = realm.Object.prototype;
  if (getOwnPropertyDescriptor(holder, name)) return;
  defineProperty(holder, name, {
    configurable: true,
    get: () => void touched.add(`Object/prototype ${name} lookup`),
    set(value) {
      touched.add(`Object/prototype ${name} lookup`);
      defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
    },
  });
}
