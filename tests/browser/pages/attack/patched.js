import { die, live } from "./life.js";
import { patches } from "./patches.js";
import { Secret } from "./secret.js";
import { Spy } from "./spy.js";

/**
 * Lives a client's life in a page where everything of one subject was replaced after the SDK had loaded, and before its
 * first client. `after` takes what a page is left with, once all is as it was.
 */
export async function underPatches(subject, entry, access) {
  const { createClient } = await import(entry);
  const source = await (await fetch("/sdk/ansdev-player.global.js")).text();
  const spy = new Spy(new Secret(access.apiKey));
  try {
    patches[subject](spy, source);
    // Positive control: each of the replaced functions sees the key when it passes.
    const blind = spy.blindSpots(access.apiKey);
    const life = await live(createClient, access);
    await die(life);
    // For what the last promises bring.
    await new Promise((resolve) => setTimeout(resolve));
    return { blind, loot: [...spy.loot], errors: life.errors.map((error) => error.code ?? String(error)) };
  } finally {
    spy.end();
  }
}
