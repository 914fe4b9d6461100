import type { BuildOptions, Plugin } from "esbuild";

export const root: string;
export const common: BuildOptions;
export function readWasm(): Promise<Uint8Array>;
export function bundled(wasm: Uint8Array, worker?: Uint8Array): Plugin;
export function bundleWorker(plugins: Plugin[]): Promise<Uint8Array>;
