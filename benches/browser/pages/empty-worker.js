// The least that a Worker with WebAssembly of its own has to do.
WebAssembly.instantiateStreaming(fetch("/bench/empty.wasm")).then(() => postMessage("ready"));
