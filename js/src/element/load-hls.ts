import type Hls from "hls.js";

/** hls.js's main class. */
export type HlsConstructor = typeof Hls;

/** Loads hls.js, when the first element needs it. The light build is enough: MPEG-TS, fMP4 and AES-128. */
export async function importHls(): Promise<HlsConstructor> {
  return (await import("hls.js/dist/hls.light.mjs")).default;
}
