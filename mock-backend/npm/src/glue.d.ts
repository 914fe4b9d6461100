/** The mock's WebAssembly, as Rust exports it; what goes in and out of it as data is JSON. */
export interface Glue {
  initSync(options: { module: WebAssembly.Module }): unknown;
  start(options: string, host: Host): string;
  request(task: number, method: string, target: string, headers: string[]): void;
  bodyChunk(task: number, bytes: Uint8Array): boolean;
  bodyEnd(task: number, isWhole: boolean): void;
  poll(task: number): void;
  cancel(task: number): void;
  fire(timer: number): void;
  nowMs(): number;
  advance(seconds: number): void;
  videos(): string;
  setFault(fault: string): void;
  clearFaults(): void;
  journal(): string;
  createKey(wanted: string): string;
  revokeKey(prefix: string): boolean;
  reset(): void;
}

/** What the WebAssembly asks of JavaScript. */
export interface Host {
  setTimer(timer: number, ms: number): void;
  clearTimer(timer: number): void;
  wake(task: number): void;
  sdkFile(path: string): Uint8Array | undefined;
  log(level: string, text: string): void;
  answer(task: number, status: number, headers: string[], body: Uint8Array, ending: Ending): void;
}

/** How an answer ends: `cut` breaks off after its bytes, `dropped` is none at all. */
export type Ending = "whole" | "cut" | "dropped";

/** A glue of its own for each mock: wasm-bindgen's holds one instance. */
export function newGlue(): Glue;
