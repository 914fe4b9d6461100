import { expect, test } from "@playwright/test";

import { createTokenEndpoint } from "../support/built.ts";

const apiKey = "ak_live_7c1b1865ed225cf47377e7d21fdec972";
const authorize = (): boolean => true;

/** What `createTokenEndpoint` says of these options. */
function refusal(options: unknown): { code: string; message: string } {
  try {
    createTokenEndpoint(options as never);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("They were taken");
}

for (const [options, says] of [
  [undefined, "is of the type undefined; expected object"],
  [null, "is of the type null; expected object"],
  ["ak_live_", "is of the type string; expected object"],
  [{ apiKey }, "`authorize`, which says who may watch, is of the type undefined; expected function"],
  [{ apiKey, authorize: true }, "`authorize`, which says who may watch, is of the type boolean; expected function"],
  [{ authorize }, "`apiKey` (is its environment variable set?) is of the type undefined; expected string"],
  [{ apiKey: 7, authorize }, "`apiKey` (is its environment variable set?) is of the type number"],
  [{ apiKey, authorize, onEvent: "log" }, "`onEvent` is of the type string; expected function"],
  [{ apiKey, authorize, key: 1 }, "`key` is no option; there are `apiKey`, `authorize`, `baseUrl`, `onEvent`"],
  ...["", "/api", "ftp://x", "https://a:b@c", "https://c?d", "https://c#d", "javascript:1", 7, null, {}].map(
    (baseUrl) => [{ apiKey, authorize, baseUrl }, "`baseUrl` is not usable"],
  ),
] as [unknown, string][]) {
  test(`INVALID_OPTIONS: ${JSON.stringify({ options }).replace(apiKey, "…")}`, () => {
    const { code, message } = refusal(options);
    expect([code, message]).toEqual(["INVALID_OPTIONS", expect.stringContaining(says)]);
    expect(message).not.toContain(apiKey);
  });
}

for (const [key, says] of [
  ["", "is empty"],
  [` ${apiKey}`, "has white space around it"],
  [`${apiKey}\n`, "has white space around it"],
  ["sk_live_7c1b1865ed225cf47377e7d21fdec972", "does not start with ak_live_ or ak_test_"],
  [apiKey.slice(0, -1), "has 39 characters"],
  [`${apiKey}0`, "has 41 characters"],
  [apiKey.replace("7c", "7g"), "has a character that is not hexadecimal"],
  [apiKey.replace("7c", "7\n"), "has a character that is not hexadecimal"],
] as const) {
  test(`INVALID_KEY_FORMAT: ${JSON.stringify(key.replace(/1865.*/, "…"))} ${says}`, () => {
    const { code, message } = refusal({ apiKey: key, authorize });
    expect([code, message]).toEqual(["INVALID_KEY_FORMAT", expect.stringContaining(says)]);
    if (key !== "") expect(message).not.toContain(key.trim());
  });
}

test("addresses that are an API's are taken", () => {
  for (const baseUrl of ["https://api.ansdev.cloud", "http://127.0.0.1:80/ansdev/", new URL("https://a.example/b//")]) {
    createTokenEndpoint({ apiKey, authorize, baseUrl });
  }
});

test("handle refuses what is no request, and a video that is a promise", async () => {
  const endpoint = createTokenEndpoint({ apiKey, authorize });
  const request = new Request("http://localhost/", { method: "POST" });
  for (const [first, second, says] of [
    [undefined, "v", "expects a Request"],
    [{ method: "POST", headers: {} }, "v", "expects a Request"],
    [request, undefined, "await `params` first"],
    [request, Promise.resolve("v"), "await `params` first"],
  ] as const) {
    await expect(endpoint.handle(first as Request, second as string)).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringContaining(says),
    });
  }
});
