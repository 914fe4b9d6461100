import type { BuildOptions, Plugin } from "esbuild";

/** What every script of one build has in common. */
export interface Parts {
  wasm: Uint8Array;
  worker: string;
  version: string;
  wasmIntegrity: string;
  hls: Uint8Array;
  hlsIntegrity: string;
  player: Uint8Array;
  playerIntegrity: string;
}

export const root: string;
export const common: BuildOptions;
export const globalHls: Plugin;
export function integrityOf(bytes: Uint8Array): string;
export function prepare(plugins?: Plugin[]): Promise<Parts>;
export function bundled(parts: Parts): Plugin;
