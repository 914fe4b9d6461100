/**
 * Looks for a secret, and for the way to it, in everything that can be reached from a value: own keys and those of
 * every prototype, symbols, getters, entries of maps and sets, bytes, what promises resolve to.
 */

// As they were before any attack replaced them.
const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { apply } = Reflect;
const { then } = Promise.prototype;
const { toString } = Object.prototype;
const { Worker, SharedWorker } = globalThis;
const { Memory, Instance } = WebAssembly;

/** What leads to the key: a script that holds one of these can talk to its Worker, or read its memory. */
const WAYS = [Worker, SharedWorker, Memory, Instance];
const LISTS = [Map, Set, Headers, URLSearchParams, FormData].map((list) => ({
  list,
  entries: list.prototype.entries,
}));
/** Objects in one search; a page has some ten thousand. */
const MAX_OBJECTS = 200_000;

/**
 * @param found - Called with the path to each find.
 * @param options - `depth`: how many steps from the start to go; `skip`: objects not to look into; `later`: runs what is
 *   to be done when a promise has settled.
 */
export function search(start, secret, found, options = {}) {
  const { path = "it", depth = Infinity, skip = [], later = (run) => run() } = options;
  const seen = new Set(skip);
  const queue = [];
  let visited = 0;
  const enqueue = (value, at, steps) => {
    if (typeof value === "string") {
      if (secret.isInText(value)) found(`${at}: the key`);
      return;
    }
    if (typeof value === "symbol" && secret.isInText(String(value))) found(`${at}: the key`);
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    if (isObject && steps <= depth && !seen.has(value)) {
      seen.add(value);
      queue.push([value, at, steps]);
    }
  };
  enqueue(start, path, 0);
  while (queue.length > 0) {
    const [value, at, steps] = queue.pop();
    if (++visited > MAX_OBJECTS) throw new Error(`The search did not end within ${MAX_OBJECTS} objects; last at ${at}`);
    for (const way of WAYS) {
      if (way !== undefined && value instanceof way) found(`${at}: a ${way.name}`);
    }
    const bytes = bytesOf(value);
    if (bytes !== undefined) {
      if (secret.isInBytes(bytes)) found(`${at}: the key's bytes`);
      continue;
    }
    if (value instanceof Promise) {
      const on = { path: `${at} (settled)`, depth: depth - steps - 1, skip, later };
      const late = (settled) => later(() => search(settled, secret, found, on));
      apply(then, value, [late, late]);
    }
    for (const entry of entriesOf(value)) enqueue(entry, `${at} (entry)`, steps);
    for (let holder = value; holder !== null; holder = getPrototypeOf(holder)) {
      if (skip.includes(holder)) continue;
      for (const name of ownKeys(holder)) {
        const here = `${at}.${String(name)}`;
        if (typeof name === "string" && secret.isInText(name)) found(`${here}: the key in a name`);
        try {
          const { get, value: held } = getOwnPropertyDescriptor(holder, name);
          enqueue(get ? apply(get, value, []) : held, here, steps + 1);
        } catch {
          // Many getters of the platform throw for some objects, and for prototypes.
        }
      }
      enqueue(getPrototypeOf(holder), `${at}.__proto__`, steps + 1);
    }
  }
}

/** What lists of the platform hold without showing it as properties. */
function entriesOf(value) {
  for (const { entries, list } of LISTS) {
    // The prototypes themselves are no lists.
    if (value instanceof list && value !== list.prototype) return [...apply(entries, value, [])];
  }
  return [];
}

function bytesOf(value) {
  try {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // Also a SharedArrayBuffer, whose class only pages that are cross-origin isolated can name.
    if (/ArrayBuffer\]$/.test(apply(toString, value, []))) return new Uint8Array(value);
  } catch {
    // Detached: there is nothing in it.
    return new Uint8Array();
  }
  return undefined;
}
