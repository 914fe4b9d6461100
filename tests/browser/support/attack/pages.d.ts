/* The hostile scripts of pages/attack/, as tests import them inside the browser. */

declare module "attack/patched.js" {
  export interface Outcome {
    /** Replaced functions that did not report a key that they were shown. */
    blind: string[];
    /** What was seen of the key, or of a way to it. */
    loot: string[];
    /** Codes of the errors of a client's life. */
    errors: string[];
  }

  export function underPatches(subject: string, entry: string, access: object): Promise<Outcome>;
}
