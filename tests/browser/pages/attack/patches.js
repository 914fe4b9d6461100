/** What a hostile script can replace in a page, by subject. Each entry is given a spy to do it with. */
const TypedArray = Object.getPrototypeOf(Uint8Array);
const ArrayIterator = Object.getPrototypeOf([][Symbol.iterator]());

/** Fields of property descriptors: with one of them on `Object.prototype` no property can be defined any more. */
const DESCRIPTOR = ["get", "set", "value", "writable", "enumerable", "configurable"];

const BASE64 = /[\w+/=]{1000,}/g;

export const patches = {
  requests(spy) {
    spy.patch("window", window, ["fetch", "XMLHttpRequest", "WebSocket", "EventSource"]);
    spy.patch("XMLHttpRequest", XMLHttpRequest.prototype);
    spy.patch("Navigator", Navigator.prototype, ["sendBeacon"]);
  },

  headers(spy) {
    spy.patch("window", window, ["Headers", "Request", "Response", "URL", "URLSearchParams", "FormData"]);
    spy.patch("Headers", Headers.prototype);
    spy.patch("Request", Request.prototype);
    spy.patch("Response", Response.prototype);
    spy.patch("URL", URL.prototype);
    spy.patch("URL", URL, ["createObjectURL", "revokeObjectURL", "canParse", "parse"]);
  },

  encoders(spy) {
    spy.patch("window", window, ["TextEncoder", "TextDecoder", "atob", "btoa", "encodeURIComponent"]);
    spy.patch("TextEncoder", TextEncoder.prototype);
    spy.patch("TextDecoder", TextDecoder.prototype);
  },

  bytes(spy) {
    spy.patch("window", window, ["Uint8Array", "ArrayBuffer", "DataView", "Blob"]);
    spy.patch("TypedArray", TypedArray.prototype);
    spy.patch("TypedArray", TypedArray, ["from", "of"]);
    spy.patch("ArrayBuffer", ArrayBuffer.prototype);
    spy.patch("DataView", DataView.prototype);
    spy.patch("Blob", Blob.prototype);
  },

  wasm(spy) {
    spy.patch("WebAssembly", WebAssembly);
    for (const name of ["Memory", "Instance", "Module", "Table"]) {
      spy.patch(`WebAssembly.${name}`, WebAssembly[name].prototype);
    }
  },

  messages(spy) {
    spy.patch("window", window, ["postMessage", "MessageChannel", "BroadcastChannel", "MessageEvent", "ErrorEvent"]);
    spy.patch("Worker", Worker.prototype);
    spy.patch("MessagePort", MessagePort.prototype);
    spy.patch("MessageChannel", MessageChannel.prototype);
    spy.patch("BroadcastChannel", BroadcastChannel.prototype);
    spy.patch("MessageEvent", MessageEvent.prototype);
    spy.patch("ErrorEvent", ErrorEvent.prototype);
    spy.patch("Event", Event.prototype);
    spy.patch("EventTarget", EventTarget.prototype);
  },

  workers(spy) {
    spy.patch("window", window, ["Worker", "SharedWorker"]);
    spy.patch("ServiceWorkerContainer", ServiceWorkerContainer.prototype);
  },

  promises(spy) {
    spy.patch("window", window, ["Promise", "AbortController", "queueMicrotask", "setTimeout", "setInterval"]);
    spy.patch("Promise", Promise.prototype);
    spy.patch("Promise", Promise, ["resolve", "reject", "all", "race", "any", "allSettled", "withResolvers", "try"]);
    spy.patch("AbortSignal", AbortSignal.prototype);
    spy.trap("Object.prototype", Object.prototype, ["then"]);
  },

  functions(spy) {
    spy.patch("Function", Function.prototype, ["call", "apply", "bind", "toString"]);
    spy.patch("Reflect", Reflect);
    spy.patch("window", window, ["Proxy", "WeakRef", "Function", "eval"]);
  },

  objects(spy) {
    spy.patch("Object", Object);
    spy.patch("Object.prototype", Object.prototype);
    spy.patch("window", window, ["Map", "Set", "WeakMap", "WeakSet"]);
    for (const { name, prototype } of [Map, Set, WeakMap, WeakSet]) spy.patch(name, prototype);
  },

  /** A getter and a setter on `Object.prototype` for every name that the package's code has anywhere in it. */
  names(spy, source) {
    // Three letters and more: what is shorter was made up by the minifier.
    const names = new Set(source.replace(BASE64, "").match(/[A-Za-z_$][\w$]{2,}/g));
    for (const name of DESCRIPTOR) names.delete(name);
    spy.trap("Object.prototype", Object.prototype, [...names]);
  },

  lists(spy) {
    spy.patch("Array", Array.prototype);
    spy.patch("Array", Array, ["from", "of", "isArray"]);
    spy.patch("ArrayIterator", ArrayIterator);
    spy.trap("Array.prototype", Array.prototype, ["0", "1", "2", "3"]);
    spy.trap("Object.prototype", Object.prototype, [Symbol.iterator, Symbol.asyncIterator, Symbol.toPrimitive]);
  },

  texts(spy) {
    spy.patch("JSON", JSON, ["stringify", "parse"]);
    spy.patch("window", window, ["structuredClone", "String", "RegExp"]);
    spy.patch("String", String.prototype);
    spy.patch("String", String, ["fromCharCode", "raw"]);
    spy.patch("RegExp", RegExp.prototype);
    spy.patch("Symbol", Symbol.prototype);
  },

  logs(spy) {
    spy.patch("console", console);
    spy.patch("window", window, ["Error", "TypeError", "reportError", "alert"]);
    spy.patch("Error", Error, ["captureStackTrace"]);
    spy.patch("Error", Error.prototype);
    spy.trap("Error", Error, ["prepareStackTrace"]);
    const look = (error, frames) => {
      spy.look("Error.prepareStackTrace", [error, frames]);
      for (const frame of frames) spy.look("Error.prepareStackTrace", [frame.getThis(), frame.getFunction()]);
      return String(error);
    };
    Error.prepareStackTrace = look;
  },
};
