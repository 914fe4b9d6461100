import { expect, test } from "../../support/test.ts";
import { type Subject, SUBJECTS, underPatches, WHOLE_LIFE } from "../../support/attack/patched.ts";

const subjects = Object.entries(SUBJECTS) as [Subject, string][];

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
});

for (const [subject, what] of subjects) {
  test(`replaced after the SDK loaded: ${what}`, async ({ page, mock }) => {
    // With the options that a page has that says nothing of them.
    const { blind, loot, errors } = await underPatches(page, subject, mock.access);
    expect(blind).toEqual([]);
    expect(loot).toEqual([]);
    expect(errors).toEqual(WHOLE_LIFE);
  });
}

test("in page isolation the same scripts take the key", async ({ page, mock, site }) => {
  const taken: string[] = [];
  for (const subject of ["requests", "headers", "encoders", "bytes", "wasm", "promises", "functions"] as const) {
    await page.goto(site.page("blank.html"));
    const access = { ...mock.access, isolation: "page" };
    const { loot } = await underPatches(page, subject, access);
    taken.push(...loot);
  }
  for (const way of [
    "window.fetch: it.headers (entry).1: the key",
    "Headers.set: it: the key",
    "TextDecoder.decode(): it: the key",
    "TypedArray.subarray(): it: the key's bytes",
    "WebAssembly.Memory.buffer(): it: the key's bytes",
    "Object.prototype.then: it: a Instance",
    "Function.call: it: the key's bytes",
  ]) {
    expect(taken).toContain(way);
  }
});
