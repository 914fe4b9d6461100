/** Where a realm has functions, accessors and constructors, and how each is named: `Worker/prototype/postMessage`. */
const { ownKeys, getOwnPropertyDescriptor } = Reflect;

/** What leads out of the realm, or is not the page's to replace. */
const ELSEWHERE = new Set(["window", "self", "parent", "top", "frames", "opener", "frameElement", "globalThis"]);

/** Intrinsics that no global names. */
const HIDDEN = {
  "%TypedArray%": "Object.getPrototypeOf(Uint8Array)",
  "%Iterator%": "Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))",
  "%ArrayIterator%": "Object.getPrototypeOf([][Symbol.iterator]())",
  "%StringIterator%": "Object.getPrototypeOf(''[Symbol.iterator]())",
  "%MapIterator%": "Object.getPrototypeOf(new Map().keys())",
  "%SetIterator%": "Object.getPrototypeOf(new Set().keys())",
  "%Function%": "Function.prototype",
  "%AsyncFunction%": "Object.getPrototypeOf(async () => {})",
  "%Generator%": "Object.getPrototypeOf(function* () {})",
  "%AsyncGenerator%": "Object.getPrototypeOf(async function* () {})",
  "%Window%": "Object.getPrototypeOf(window)",
  "%document%": "document",
  "%trustedTypes%": "window.trustedTypes",
};

/** What paths begin with. Asked before anything is replaced. */
export function rootsOf(realm) {
  const roots = new Map([["", realm]]);
  for (const [name, expression] of Object.entries(HIDDEN)) {
    const value = realm.eval(expression);
    if (isObject(value)) roots.set(name, value);
  }
  return roots;
}

/** The object at a path; `undefined` where the realm has none. */
export function objectAt(roots, path) {
  const [head, ...names] = path.split("/");
  let object = roots.get(head);
  const rest = object === undefined ? [head, ...names] : names;
  object ??= roots.get("");
  for (const name of rest) {
    if (!isObject(object)) return undefined;
    object = getOwnPropertyDescriptor(object, keyOf(name))?.value;
  }
  return isObject(object) ? object : undefined;
}

/** A property's key by its name in paths: `@@iterator` is `Symbol.iterator`. */
export function keyOf(name) {
  return name.startsWith("@@") ? Symbol[name.slice(2)] : name;
}

/** The opposite; `undefined` for symbols that are not well-known. */
export function nameOf(key) {
  if (typeof key === "string") return key;
  const [, name] = /^Symbol\(Symbol\.(\w+)\)$/.exec(String(key)) ?? [];
  return name && Symbol[name] === key ? `@@${name}` : undefined;
}

/** Every property of the realm that is a function, or has a getter or a setter. */
export function* points(realm) {
  const roots = rootsOf(realm);
  const queue = [...roots].map(([path, object]) => [path, object]);
  const seen = new Set(queue.map(([, object]) => object));
  for (const [path, holder] of queue) {
    for (const key of ownKeys(holder)) {
      const name = nameOf(key);
      if (name === undefined || name.includes("/") || (holder === realm && isElsewhere(name))) continue;
      const property = getOwnPropertyDescriptor(holder, key);
      const { value, get, set } = property;
      if (get || set || typeof value === "function") yield { path, name, holder, key, property };
      if (!isObject(value)) continue;
      for (const [step, object] of [
        [name, value],
        [`${name}/prototype`, typeof value === "function" ? getOwnPropertyDescriptor(value, "prototype")?.value : null],
      ]) {
        if (!isObject(object) || seen.has(object)) continue;
        seen.add(object);
        queue.push([path === "" ? step : `${path}/${step}`, object]);
      }
    }
  }
}

/** Also the windows of frames, which have numbers for names. */
function isElsewhere(name) {
  return ELSEWHERE.has(name) || /^\d+$/.test(name);
}

export function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
