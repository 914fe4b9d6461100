/** What is tried whether or not the SDK was seen to touch it. */

/** Members of the dictionaries that browser functions read from the objects they are given, by the specifications. */
const DICTIONARIES = {
  WorkerOptions: ["type", "credentials", "name"],
  BlobPropertyBag: ["type", "endings"],
  TrustedTypePolicyOptions: ["createHTML", "createScript", "createScriptURL"],
  AddEventListenerOptions: ["capture", "passive", "once", "signal"],
  StructuredSerializeOptions: ["transfer"],
  RequestInit: [
    ...["method", "headers", "body", "referrer", "referrerPolicy", "mode", "credentials", "cache", "redirect"],
    ...["integrity", "keepalive", "signal", "duplex", "priority", "window", "targetAddressSpace", "privateToken"],
    ...["attributionReporting", "browsingTopics", "adAuctionHeaders", "sharedStorageWritable"],
  ],
  ResponseInit: ["status", "statusText", "headers"],
  EventInit: ["bubbles", "cancelable", "composed"],
  CustomEventInit: ["detail"],
  MessageEventInit: ["data", "origin", "lastEventId", "source", "ports"],
  LockOptions: ["mode", "ifAvailable", "steal", "signal"],
  WebAssemblyCompileOptions: ["builtins", "importedStringConstants"],
  MemoryDescriptor: ["initial", "maximum", "shared"],
  TextDecoderOptions: ["fatal", "ignoreBOM"],
  TextDecodeOptions: ["stream"],
  ErrorOptions: ["cause"],
  // ECMAScript's own.
  PropertyDescriptor: ["get", "set", "value", "writable", "enumerable", "configurable"],
  IteratorResult: ["next", "done", "value", "return", "throw"],
  ImportAttributes: ["with"],
  Primitive: ["toString", "valueOf", "toJSON"],
  Promise: ["then", "catch", "finally", "resolve", "promise", "constructor"],
  // What passes as an event listener.
  EventListener: ["handleEvent"],
  // The SDK's own, of its options and its messages.
  ClientOptions: ["apiKey", "getToken", "baseUrl", "isolation", "refresh", "workerUrl", "wasmUrl", "videoIds"],
  Messages: ["port", "key", "wasm", "kind", "module", "source", "text", "url", "bytes", "call", "args", "error"],
};
export const MEMBERS = [...new Set(Object.values(DICTIONARIES).flat())];
/** Those by which a client is told where to send its key. */
export const OPTIONS = DICTIONARIES.ClientOptions;
/** Those of the dictionaries that the SDK fills on the way to its Worker: it asks nobody else for them. */
export const OF_THE_BOOT = ["WorkerOptions", "BlobPropertyBag", "TrustedTypePolicyOptions"].flatMap(
  (name) => DICTIONARIES[name],
);

/** Constructors whose symbols, `constructor` and `then` are tried. */
export const CONSTRUCTORS = [
  ...["Object", "Function", "Array", "String", "Symbol", "Boolean", "Number", "RegExp", "Date", "Map", "Set"],
  ...["WeakMap", "WeakSet", "WeakRef", "Promise", "Proxy", "Error", "TypeError", "SyntaxError", "AggregateError"],
  ...["Uint8Array", "ArrayBuffer", "DataView", "%TypedArray%/constructor", "TextEncoder", "TextDecoder"],
  ...["WebAssembly/Module", "WebAssembly/Instance", "WebAssembly/Memory", "WebAssembly/CompileError"],
  ...["Worker", "Blob", "URL", "URLSearchParams", "Response", "Request", "Headers", "ReadableStream"],
  ...["MessageChannel", "MessagePort", "MessageEvent", "ErrorEvent", "Event", "CustomEvent", "EventTarget"],
  ...["BroadcastChannel", "AbortController", "AbortSignal", "DOMException", "LockManager", "Performance", "Navigator"],
  ...["TrustedTypePolicy", "TrustedTypePolicyFactory", "TrustedScriptURL", "SecurityPolicyViolationEvent"],
];

export const SYMBOLS = Reflect.ownKeys(Symbol)
  .filter((name) => typeof Symbol[name] === "symbol")
  .map((name) => `@@${name}`);
