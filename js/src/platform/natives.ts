/**
 * The platform's functions as they were when this module was evaluated.
 *
 * A script that runs later can replace any of them, and would then be handed the API key, or the Worker in which it
 * lives. So whatever touches either goes through here, never through a prototype. A script that ran *before* this
 * module cannot be defended against.
 *
 * On a server many of them are missing; importing this module there does no harm.
 */

/* eslint-disable @typescript-eslint/unbound-method -- taking methods off their prototypes is what this file is for */

const scope = globalThis as Partial<typeof globalThis> & {
  trustedTypes?: TrustedTypePolicyFactory;
  TrustedTypePolicyFactory?: { prototype: TrustedTypePolicyFactory };
  TrustedTypePolicy?: { prototype: TrustedTypePolicy };
};
const { apply, ownKeys: reflectOwnKeys } = Reflect;
// With another `Symbol` in its place, lists would have no iterator of their own and take one from `Object.prototype`.
const iterator: typeof Symbol.iterator = Symbol.iterator;

/** The part of the Trusted Types API that is used (W3C Trusted Types, section 2.3). */
interface TrustedTypePolicyFactory {
  readonly defaultPolicy: TrustedTypePolicy | null;
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy;
}

interface TrustedTypePolicy {
  createScriptURL(url: string): unknown;
}

/** A method as a function whose first argument is what would be `this`; `apply` looks nothing up on the function. */
function unbound<This, Arguments extends unknown[], Result>(
  method: ((this: This, ...rest: Arguments) => Result) | undefined,
): (self: This, ...rest: Arguments) => Result {
  return (self, ...rest) => {
    if (method === undefined) throw new TypeError("This environment lacks a function that browsers have");
    return apply(method, self, rest);
  };
}

/** The getter of a property as such a function. */
function getter<Holder, Name extends keyof Holder & string>(
  prototype: object | undefined,
  name: Name,
): (self: Holder) => Holder[Name] {
  const property = prototype && Object.getOwnPropertyDescriptor(prototype, name);
  return unbound(property?.get as ((this: Holder) => Holder[Name]) | undefined);
}

export const NativeWorker = scope.Worker;
export const NativeBlob = scope.Blob;
export const NativeURL = scope.URL;

/** What a page hands over as its key may be a list of it. */
export const isArray = Array.isArray;
export const ownKeys: (target: object) => (string | symbol)[] = reflectOwnKeys;
/** `postMessage`; what is to be transferred is no array, for the reason that {@link listOfOne} gives. */
type Post<Self> = (self: Self, message: unknown, transfer?: Iterable<Transferable>) => void;
export const postToWorker = unbound(scope.Worker?.prototype.postMessage) as Post<Worker>;
export const NativeMessageChannel = scope.MessageChannel;
export const port1Of = getter<MessageChannel, "port1">(scope.MessageChannel?.prototype, "port1");
export const port2Of = getter<MessageChannel, "port2">(scope.MessageChannel?.prototype, "port2");
export const postToPort = unbound(scope.MessagePort?.prototype.postMessage) as Post<MessagePort>;
export const startPort = unbound(scope.MessagePort?.prototype.start);
export const closePort = unbound(scope.MessagePort?.prototype.close);
export const terminateWorker = unbound(scope.Worker?.prototype.terminate);
export const listen: (self: EventTarget, type: string, listener: (event: Event) => void) => void = unbound(
  scope.EventTarget?.prototype.addEventListener,
);
// `event.data` on a patched prototype would show its `this`, and with it `event.target`, the Worker.
export const messageData = getter<MessageEvent<unknown>, "data">(scope.MessageEvent?.prototype, "data");
const errorMessageOf = getter<ErrorEvent, "message">(scope.ErrorEvent?.prototype, "message");
/** What a Worker's `error` event says. One that a policy blocks fires a plain Event, which says nothing. */
export function errorMessage(event: Event): string {
  try {
    // Not after an `instanceof`: a patched ErrorEvent would be shown the event, and with it the Worker.
    return errorMessageOf(event as ErrorEvent);
  } catch {
    return "";
  }
}
export const hrefOf = getter<URL, "href">(scope.URL?.prototype, "href");
export const createObjectUrl = scope.URL?.createObjectURL;
export const revokeObjectUrl = scope.URL?.revokeObjectURL;
export const compileStreaming = scope.WebAssembly?.compileStreaming;

const encoder = scope.TextEncoder && new scope.TextEncoder();
const encode = unbound(scope.TextEncoder?.prototype.encode);
const TypedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object };
const bufferOf = getter<Uint8Array<ArrayBuffer>, "buffer">(TypedArray.prototype, "buffer");

const policies = scope.trustedTypes;
const createPolicy = unbound(policies?.createPolicy);
const createScriptUrl = unbound(scope.TrustedTypePolicy?.prototype.createScriptURL);
const defaultPolicyOf = getter<TrustedTypePolicyFactory, "defaultPolicy">(
  scope.TrustedTypePolicyFactory?.prototype,
  "defaultPolicy",
);

/** UTF-8 bytes of a secret, and the buffer to transfer them with. */
export function encodeSecret(text: string): { bytes: Uint8Array; buffer: ArrayBuffer } {
  if (encoder === undefined) throw new TypeError("This environment has no TextEncoder");
  const bytes = encode(encoder, text);
  return { bytes, buffer: bufferOf(bytes) };
}

/**
 * A list of one, for browser functions that take a sequence: they iterate over it, and a patched
 * `Array.prototype[Symbol.iterator]` would be handed its content.
 */
export function listOfOne<T>(item: T): Iterable<T> {
  return {
    [iterator]() {
      let done = false;
      return {
        next(): IteratorResult<T> {
          if (done) return { done, value: undefined };
          done = true;
          return { done: false, value: item };
        },
      } as Iterator<T>;
    },
  };
}

let policy: TrustedTypePolicy | undefined;

/**
 * The address of a script in the form that `new Worker` takes: under Trusted Types through the policy
 * `ansdev-player`, else as it is.
 */
export function trustedScriptUrl(url: string): string {
  if (policies === undefined) return url;
  try {
    policy ??= createPolicy(policies, "ansdev-player", { createScriptURL: (address) => address });
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
