/**
 * Looks for a secret, and for the way to it, in what a stand-in is handed. Runs in the sweep's own realm, on objects of
 * another, with this realm's functions: what a stand-in replaces over there, it does not miss here.
 */
const { apply, ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;

const DEPTH = 3;
/** Objects in one search. */
const MAX_OBJECTS = 400;

function getter(prototype, name) {
  return getOwnPropertyDescriptor(prototype, name).get;
}

/** Getters that throw for all but what they are named after. */
const WAYS = {
  "a Worker": getter(Worker.prototype, "onmessage"),
  "a SharedWorker": getter(SharedWorker.prototype, "port"),
  "a WebAssembly.Memory": getter(WebAssembly.Memory.prototype, "buffer"),
  "a WebAssembly.Instance": getter(WebAssembly.Instance.prototype, "exports"),
};
const LISTS = [Map, Set, Headers, FormData, URLSearchParams].map(({ prototype }) => prototype.entries);
const PARTS = [
  getter(Event.prototype, "target"),
  getter(Event.prototype, "currentTarget"),
  getter(MessageEvent.prototype, "data"),
  getter(MessageEvent.prototype, "ports"),
  getter(Request.prototype, "headers"),
  getter(Request.prototype, "url"),
  getter(URL.prototype, "href"),
];
const TypedArray = getPrototypeOf(Uint8Array.prototype);
const views = getter(TypedArray, Symbol.toStringTag);
const bufferOf = getter(TypedArray, "buffer");
const lengthOf = getter(ArrayBuffer.prototype, "byteLength");

/** What every script has, and is large: nodes and windows. */
const LARGE = [getter(Node.prototype, "nodeType"), getter(globalThis, "closed")];

/** Whether a function of the platform takes the value for what it is for. */
function attempt(method, value) {
  try {
    return { result: apply(method, value, []) };
  } catch {
    return undefined;
  }
}

/** @param mine - Objects that the attacker made himself. */
export function look(start, secret, mine, found) {
  const seen = new Set();
  const queue = [];
  const enqueue = (value, at, steps) => {
    if (typeof value === "string") {
      if (secret.isInText(value)) found(`${at}: the key`);
    } else if (((typeof value === "object" && value !== null) || typeof value === "function") && steps <= DEPTH) {
      if (seen.has(value) || mine.has(value) || LARGE.some((part) => attempt(part, value))) return;
      seen.add(value);
      queue.push([value, at, steps]);
    }
  };
  enqueue(start, "it", 0);
  for (let index = 0; index < queue.length && index < MAX_OBJECTS; index++) {
    const [value, at, steps] = queue[index];
    for (const [what, method] of Object.entries(WAYS)) {
      if (attempt(method, value)) found(`${at}: ${what}`);
    }
    const bytes = bytesOf(value);
    if (bytes !== undefined) {
      if (secret.isInBytes(bytes)) found(`${at}: the key's bytes`);
      continue;
    }
    for (const part of PARTS) {
      const held = attempt(part, value);
      if (held) enqueue(held.result, `${at}.${part.name.slice(4)}`, steps + 1);
    }
    for (const entries of LISTS) {
      const held = attempt(entries, value);
      if (held) enqueue([...held.result], `${at} (entries)`, steps);
    }
    try {
      for (const key of ownKeys(value)) {
        const property = getOwnPropertyDescriptor(value, key);
        const here = `${at}.${String(key)}`;
        if (typeof key === "string" && secret.isInText(key)) found(`${here}: the key in a name`);
        enqueue(property?.get ? attempt(property.get, value)?.result : property?.value, here, steps + 1);
      }
    } catch {
      // A window of another origin, or a proxy that is gone.
    }
  }
}

function bytesOf(value) {
  const view = attempt(views, value)?.result;
  const buffer = view === undefined ? value : attempt(bufferOf, value)?.result;
  if (attempt(lengthOf, buffer) === undefined) return undefined;
  try {
    return new Uint8Array(buffer);
  } catch {
    // Detached: there is nothing in it.
    return new Uint8Array();
  }
}
