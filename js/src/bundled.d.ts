/* Modules that scripts/build.mjs puts in place. Types are written here, so that the sources check without a build. */

/** The glue that wasm-bindgen generates for the core. */
declare module "ansdev:core" {
  export const Core: typeof import("./protocol/core.js").Core;
  export default function init(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;
}

/** What this build is, for those who must be of the same one. */
declare module "ansdev:build" {
  /** The package's version, and a hash of the Worker's script and its WebAssembly. */
  export const version: string;
  /** Of ansdev-player.wasm (W3C Subresource Integrity). */
  export const wasmIntegrity: string;
  /** Of hls.light.js. */
  export const hlsIntegrity: string;
  /** Of player.global.js. */
  export const playerIntegrity: string;
}

/** The core's WebAssembly, as a text that wasm.ts decodes. */
declare module "ansdev:wasm" {
  const text: string;
  export default text;
}

/** The source of the Worker's script, without the WebAssembly. */
declare module "ansdev:worker" {
  const source: string;
  export default source;
}

/** hls.js declares no types for its light build; they are those of the full one. */
declare module "hls.js/dist/hls.light.mjs" {
  export { default } from "hls.js";
}
