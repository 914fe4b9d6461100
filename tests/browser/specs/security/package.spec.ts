import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "@playwright/test";

const root = fileURLToPath(new URL("../../../..", import.meta.url)).replace(/\/$/, "");
const dist = join(root, "js/dist");

/** Every file of the package, each byte a letter. */
async function files(): Promise<Map<string, string>> {
  const names = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const texts = names.map(async ({ parentPath, name }): Promise<[string, string]> => {
    return [name, await readFile(join(parentPath, name), "latin1")];
  });
  return new Map(await Promise.all(texts));
}

/** Texts that tell where, or by whom, something was built. `/rustc/…` is what every copy of the standard library says. */
function pathsIn(text: string): string[] {
  const places = [root, homedir(), process.env["CARGO_HOME"] ?? "/.cargo/", "/.cargo/registry", "/toolchains/"];
  return places.filter((place) => place.length > 1 && text.includes(place));
}

/** Whole API keys, but for those of the documentation. */
function keysIn(text: string): string[] {
  return (text.match(/ak_(live|test)_[0-9a-f]{32}/gi) ?? []).filter((key) => !key.includes("7c1b1865ed225cf4"));
}

test("the package names no build path, and has no key and no source map", async () => {
  const found = await files();
  expect([...found.keys()]).toContain("ansdev-player.wasm");
  expect([...found.keys()]).toContain("index.js");
  for (const [name, text] of found) {
    // The inline WebAssembly as the bytes that it is.
    const inline = (text.match(/[A-Za-z0-9+/]{1000,}={0,2}/g) ?? []).map((part) => atob(part));
    for (const part of [text, ...inline]) {
      expect(pathsIn(part), name).toEqual([]);
      expect(keysIn(part), name).toEqual([]);
      expect(part, name).not.toContain("sourceMappingURL");
    }
    expect(name).not.toMatch(/\.map$/);
  }
});

test("positive control: paths and keys are recognised, also inside the inline WebAssembly", () => {
  expect(pathsIn(`panicked at ${root}/src/web/client.rs`)).toEqual([root]);
  expect(pathsIn("/home/somebody/.cargo/registry/src/index.crates.io/zeroize/src/lib.rs")).toContain(
    "/.cargo/registry",
  );
  expect(keysIn(`const key = "ak_live_${"0a".repeat(16)}"`)).toHaveLength(1);
});
