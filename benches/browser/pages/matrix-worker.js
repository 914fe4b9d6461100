// An SDK whose cryptography is Rust as WebAssembly, started as its README says.
import { initAsync } from "/peers/@matrix-org/matrix-sdk-crypto-wasm/index.mjs";

await initAsync();
postMessage("ready");
