/**
 * The platform's functions as they were when this module was evaluated, which every entry does first.
 *
 * A script that runs later can replace any of them, and would then be handed the API key, or the Worker in which it
 * lives. So whatever touches either goes through here, never through a prototype. A script that ran *before* this
 * module cannot be defended against.
 *
 * On a server many of them are missing; importing this module there does no harm.
 */

/* eslint-disable @typescript-eslint/unbound-method -- taking methods off their prototypes is what this file is for */

const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys: reflectOwnKeys, setPrototypeOf } = Reflect;
const { stringify } = JSON;
/** The global object itself: the property `globalThis` can be replaced, and then shows another `location`. */
const scope = globalThis;
// With another `Symbol` in its place, lists would have no iterator of their own and take one from `Object.prototype`.
const iterator: typeof Symbol.iterator = Symbol.iterator;

/**
 * The same object without its prototype. Browsers read the members of what they are given one by one, those of
 * `Object.prototype` too: a getter there would be run, and handed the object.
 */
export function bare<T extends object>(members: T): T {
  setPrototypeOf(members, null);
  return members;
}

/** A property, wherever on the prototype chain it lies: environments for tests derive classes of their own. */
function propertyOf(holder: object | undefined, name: string): PropertyDescriptor | undefined {
  for (let at = holder ?? null; at !== null; at = getPrototypeOf(at)) {
    const property = getOwnPropertyDescriptor(at, name);
    if (property !== undefined) return bare(property);
  }
  return undefined;
}

/**
 * A global by its name, without what an element's `id` or `name` puts on the window: that lies on a prototype of it.
 */
export function ownGlobal(name: string | symbol): unknown {
  const property = getOwnPropertyDescriptor(scope, name);
  if (property === undefined) return undefined;
  const { get, value } = bare(property as { get?: () => unknown; value?: unknown });
  return get === undefined ? value : apply(get, scope, []);
}

/**
 * The page's address when the SDK was loaded, from which relative ones count: any script can change that of now
 * (`history.pushState`).
 */
export const pageAddress = (ownGlobal("location") as Partial<Location> | undefined)?.href;

/** What this environment lacks of all that a client needs, and of all that its Worker needs besides; else empty. */
export const lacking = { forClient: "", forWorker: "" };
type Need = keyof typeof lacking | "nothing";

function needed<T>(need: Need, name: string, value: T): T {
  if (value === undefined && need !== "nothing") lacking[need] ||= name;
  return value;
}

function constructorOf<Name extends keyof typeof globalThis>(
  need: Need,
  name: Name,
): (typeof globalThis)[Name] | undefined {
  return needed(need, name, ownGlobal(name) as (typeof globalThis)[Name] | undefined);
}

/** A class, of which only what it gives its instances is of interest. */
export interface Constructor<Instance> {
  readonly prototype: Instance;
  readonly name: string;
}

type Method<Self, Name extends keyof Self> = Self[Name] extends (...args: infer Arguments) => infer Result
  ? (self: Self, ...rest: Arguments) => Result
  : never;

/** A function whose first argument is what would be `this`; `apply` looks nothing up on the function. */
function unbound(found: unknown): (self: unknown, ...rest: unknown[]) => unknown {
  return (self, ...rest) => {
    if (found === undefined) throw new TypeError("This environment lacks a function that browsers have");
    return apply(found as () => unknown, self, rest) as unknown;
  };
}

/** A method of a class, as such a function. */
export function method<Instance extends object, Name extends keyof Instance & string>(
  need: Need,
  from: Constructor<Instance> | undefined,
  name: Name,
): Method<Instance, Name> {
  const found: unknown = propertyOf(from?.prototype, name)?.value;
  return unbound(needed(need, `${from?.name ?? "?"}.${name}`, found)) as Method<Instance, Name>;
}

/** The getter of a property of a class, as such a function. It throws for what is no instance. */
export function getter<Instance extends object, Name extends keyof Instance & string>(
  need: Need,
  from: Constructor<Instance> | undefined,
  name: Name,
): (self: Instance) => Instance[Name] {
  const found = propertyOf(from?.prototype, name)?.get;
  return unbound(needed(need, `${from?.name ?? "?"}.${name}`, found)) as (self: Instance) => Instance[Name];
}

/**
 * What a property says that an element may hide by its `name`: then the getter of the class is asked. A text or a flag that
 * stands there instead was put there on purpose, as tests do with `visibilityState`. An environment may have no such getter.
 */
export function reader<Instance extends object, Name extends keyof Instance & string>(
  from: Constructor<Instance> | undefined,
  name: Name,
): (self: Instance) => Instance[Name] {
  const found = propertyOf(from?.prototype, name)?.get;
  return (self) => {
    const value = self[name];
    return found === undefined || typeof value !== "object" ? value : (apply(found, self, []) as Instance[Name]);
  };
}

/** The setter of a property of a class, as such a function. */
export function setter<Instance extends object, Name extends keyof Instance & string>(
  from: Constructor<Instance> | undefined,
  name: Name,
): (self: Instance, value: Instance[Name]) => void {
  return unbound(propertyOf(from?.prototype, name)?.set);
}

export const NativeWorker = constructorOf("forWorker", "Worker");
export const NativeMessageChannel = constructorOf("forWorker", "MessageChannel");
const MessagePortClass = constructorOf("forWorker", "MessagePort");
const MessageEventClass = constructorOf("forWorker", "MessageEvent");
export const NativeBlob = constructorOf("nothing", "Blob");
export const NativeURL = constructorOf("forClient", "URL");
const TextEncoderClass = constructorOf("forClient", "TextEncoder");

/** What a page hands over as its key may be a list of it. */
export const isArray = Array.isArray;
export const ownKeys: (target: object) => (string | symbol)[] = reflectOwnKeys;
/** `postMessage`; what is to be transferred is no array, for the reason that {@link listOfOne} gives. */
type Post<Self> = (self: Self, message: unknown, transfer?: Iterable<Transferable>) => void;
export const postToWorker = method("forWorker", NativeWorker, "postMessage") as unknown as Post<Worker>;
export const terminateWorker = method("forWorker", NativeWorker, "terminate");
export const port1Of = getter("forWorker", NativeMessageChannel, "port1");
export const port2Of = getter("forWorker", NativeMessageChannel, "port2");
export const postToPort = method("forWorker", MessagePortClass, "postMessage") as unknown as Post<MessagePort>;
export const startPort = method("forWorker", MessagePortClass, "start");
export const closePort = method("forWorker", MessagePortClass, "close");
export const listen = method("forWorker", constructorOf("forWorker", "EventTarget"), "addEventListener") as unknown as (
  self: EventTarget,
  type: string,
  listener: (event: Event) => void,
  options?: AddEventListenerOptions,
) => void;
/** Whether the browser made the event. Of those that a script made and dispatched, nothing is believed. */
export function isTrusted(event: Event): boolean {
  // Every event has this property for itself, and nobody can replace it.
  return event.isTrusted;
}
const performance = ownGlobal("performance") as Performance | undefined;
const nowOf = method("nothing", ownGlobal("Performance") as Constructor<Performance> | undefined, "now");
/** Milliseconds on a clock that no script sets. */
export function monotonicNow(): number {
  return performance === undefined ? 0 : nowOf(performance);
}
const locks = (ownGlobal("navigator") as Partial<Navigator> | undefined)?.locks;
const requestLock = method(
  "nothing",
  ownGlobal("LockManager") as Constructor<LockManager> | undefined,
  "request",
) as unknown as (self: LockManager, name: string, then: () => void) => Promise<unknown>;
/** Calls back when a Web Lock is free, or cannot be waited for. */
export function whenFree(lock: string, then: () => void): void {
  if (locks === undefined) then();
  else requestLock(locks, lock, then).catch(then);
}
// `event.data` on a patched prototype would show its `this`, and with it `event.target`, the Worker.
export const messageData = getter("forWorker", MessageEventClass, "data") as (self: MessageEvent) => unknown;
const errorMessageOf = getter("nothing", constructorOf("nothing", "ErrorEvent"), "message");
/** What a Worker's `error` event says. One that a policy blocks fires a plain Event, which says nothing. */
export function errorMessage(event: Event): string {
  try {
    // Not after an `instanceof`: a patched ErrorEvent would be shown the event, and with it the Worker.
    return errorMessageOf(event as ErrorEvent);
  } catch {
    return "";
  }
}
/** The address that a `URL` stands for; what the page has put on it or on its class does not count. */
export const hrefOf = getter("forClient", NativeURL, "href");
export const createObjectUrl = NativeURL?.createObjectURL;
export const revokeObjectUrl = NativeURL?.revokeObjectURL;

/** A text as JavaScript writes it, between quotes. Only for texts: of an object, `toJSON` would be asked. */
export function quoted(text: string): string {
  return stringify(text);
}

const encoder = TextEncoderClass && new TextEncoderClass();
const encode = method("forClient", TextEncoderClass, "encode") as (self: TextEncoder, text: string) => Uint8Array;
const TypedArray = getPrototypeOf(Uint8Array) as Constructor<Uint8Array<ArrayBuffer>>;
const bufferOf = getter("forClient", TypedArray, "buffer");

/** UTF-8 bytes of a secret, and the buffer to transfer them with. */
export function encodeSecret(text: string): { bytes: Uint8Array; buffer: ArrayBuffer } {
  if (encoder === undefined) throw new TypeError("This environment has no TextEncoder");
  const bytes = encode(encoder, text) as Uint8Array<ArrayBuffer>;
  return { bytes, buffer: bufferOf(bytes) };
}

/**
 * A list of one, for browser functions that take a sequence: they iterate over it, and a patched
 * `Array.prototype[Symbol.iterator]` would be handed its content.
 */
export function listOfOne<T>(item: T): Iterable<T> {
  return bare({
    [iterator]() {
      let done = false;
      return bare({
        next(): IteratorResult<T> {
          if (done) return bare({ done, value: undefined });
          done = true;
          return bare({ done: false, value: item });
        },
      }) as Iterator<T>;
    },
  });
}

/** The part of the Trusted Types API that is used (W3C Trusted Types, section 2.3). */
interface TrustedTypePolicyFactory {
  readonly defaultPolicy: TrustedTypePolicy | null;
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy;
}

interface TrustedTypePolicy {
  createScriptURL(url: string): unknown;
}

const policies = ownGlobal("trustedTypes") as TrustedTypePolicyFactory | undefined;
const PolicyFactory = ownGlobal("TrustedTypePolicyFactory") as Constructor<TrustedTypePolicyFactory> | undefined;
const createPolicy = method("nothing", PolicyFactory, "createPolicy");
const defaultPolicyOf = getter("nothing", PolicyFactory, "defaultPolicy");
const createScriptUrl = method(
  "nothing",
  ownGlobal("TrustedTypePolicy") as Constructor<TrustedTypePolicy> | undefined,
  "createScriptURL",
);

let policy: TrustedTypePolicy | undefined;

/**
 * The address of a script in the form that `new Worker` takes: under Trusted Types through the policy
 * `ansdev-player`, else as it is.
 */
export function trustedScriptUrl(url: string): string {
  if (policies === undefined) return url;
  try {
    policy ??= createPolicy(policies, "ansdev-player", bare({ createScriptURL: (address: string) => address }));
  } catch {
    // The page's `trusted-types` directive does not name the policy, or somebody has taken its name. Where the page
    // does not *require* trusted types, the plain address works; where it does, `new Worker` throws and the caller
    // explains. But a default policy would be handed the address, and could put another script in its place.
    if (defaultPolicyOf(policies) !== null) {
      throw new TypeError("The Trusted Types policy ansdev-player could not be created");
    }
    return url;
  }
  return createScriptUrl(policy, url) as string;
}
