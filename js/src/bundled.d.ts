/* Modules that scripts/build.mjs puts in place. Types are written here, so that the sources check without a build. */

/** The glue that wasm-bindgen generates for the core. */
declare module "ansdev:core" {
  export const Core: typeof import("./protocol/core.js").Core;
  export default function init(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;
}

/** The core's WebAssembly, as a text that wasm.ts decodes. */
declare module "ansdev:wasm" {
  const text: string;
  export default text;
}

/** The source of the Worker's script. */
declare module "ansdev:worker" {
  const source: string;
  export default source;
}

/** hls.js declares no types for its light build; they are those of the full one. */
declare module "hls.js/light" {
  export { default } from "hls.js";
}
