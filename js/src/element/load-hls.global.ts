/** Stands in for `load-hls.ts` in the script-tag build, which has no bundler to find hls.js for it. */
import type { HlsConstructor } from "./load-hls.js";

export type { HlsConstructor };

// Only known while the script itself runs.
const scriptUrl = (document.currentScript as HTMLScriptElement | null)?.src ?? location.href;

/** Loads the copy of hls.js that lies beside the script. */
export async function importHls(): Promise<HlsConstructor> {
  const module = (await import(new URL("hls.light.mjs", scriptUrl).href)) as { default: HlsConstructor };
  return module.default;
}
