/** Stands in for `load-hls.ts` in the script-tag build, which has no bundler to find hls.js for it. */
import { hlsIntegrity } from "ansdev:build";

import type { HlsConstructor } from "./load-hls.js";
import { ownGlobal } from "../platform/natives.js";
import { loadBeside } from "../platform/script-element.js";

export type { HlsConstructor };

/** Where hls.light.js puts its class (scripts/bundle.mjs). */
const HANDED_OVER = Symbol.for("@ansdev/player/hls.light.js");

let loading: Promise<void> | undefined;

/** Loads the copy of hls.js that lies beside the script, once. */
export async function importHls(): Promise<HlsConstructor> {
  if (ownGlobal(HANDED_OVER) === undefined) {
    loading ??= loadBeside("hls.light.js", hlsIntegrity);
    try {
      await loading;
    } finally {
      loading = undefined;
    }
  }
  return ownGlobal(HANDED_OVER) as HlsConstructor;
}
