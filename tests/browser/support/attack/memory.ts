import { Secret } from "../../pages/attack/secret.js";
import type { Realm } from "./realm.ts";

const AS_BASE64 = `(memories) => memories.map(({ buffer }) => {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
})`;

/** What is left of a key in a realm's memory. */
export interface Residue {
  /** Whole copies in the memory of WebAssembly, the stack included. */
  copies: number;
  /** Whether there is anything else of it there: a part, or another form. */
  isMoreThere: boolean;
}

/** Looks through the whole memory of every WebAssembly instance of the realm; there must be one. */
export async function wasmResidue(realm: Realm, key: string): Promise<Residue> {
  const texts = await realm.everyInstance<string[]>("WebAssembly.Memory.prototype", AS_BASE64);
  const memories = texts.map((text) => Buffer.from(text, "base64"));
  if (memories.length === 0) throw new Error("There is no WebAssembly memory to look at");
  const whole = Buffer.from(key);
  let copies = 0;
  for (const memory of memories) {
    for (let at = memory.indexOf(whole); at >= 0; at = memory.indexOf(whole, at)) {
      copies++;
      memory.fill(0, at, at + whole.length);
    }
  }
  const secret = new Secret(key);
  return { copies, isMoreThere: memories.some((memory) => secret.isInBytes(memory)) };
}

/** Whether the key is in any text on the realm's heap, private fields and closures included. */
export async function isOnHeap(realm: Realm, key: string): Promise<boolean> {
  return new Secret(key).isInText(await realm.heapSnapshot());
}
