import { expect, test } from "@playwright/test";

import type { Entry } from "../browser/support/mock.ts";
import { double, excess, late, refused, whilePaused } from "./support/mints.ts";

/** Milliseconds that a token lives. */
const TTL = 3_000;

/** A journal of mints at these times, in milliseconds. */
function mints(times: number[], videoId = "vid_a", keyPrefix = "ak_test_0000"): Entry[] {
  const path = `/v1/video/${videoId}/playback-token`;
  return times.map((at) => entry({ at, method: "POST", path, route: "mint", status: 200, keyPrefix }));
}

function entry(of: Partial<Entry>): Entry {
  return {
    ...{ at: 0, method: "GET", path: "/", route: "key", status: 200, errorCode: null, keyPrefix: null, origin: null },
    ...of,
  };
}

test("a mint every 2.6 s is what the rules allow, one every 2 s is not", () => {
  const every = (pause: number): Entry[] => mints(Array.from({ length: 100 }, (_, count) => count * pause));
  expect(excess(every(2_600), TTL, 0)).toBe(0);
  expect(excess(every(2_000), TTL, 0)).toBeGreaterThan(15);
});

test("each key and each video has mints of its own", () => {
  const journal = [...mints([0, 2_600]), ...mints([1, 2_601], "vid_b"), ...mints([2], "vid_a", "ak_test_1111")];
  expect(excess(journal, TTL, 0)).toBe(0);
  expect(double(journal, TTL, 0)).toBe(0);
});

test("two mints at once are seen, and a refused token accounts for one", () => {
  expect(double(mints([0, 100, 2_700]), TTL, 0)).toBe(1);
  expect(double(mints([0, 100, 2_700]), TTL, 1)).toBe(0);
});

test("a mint while paused counts once the buffer had its time", () => {
  const pauses = [{ from: 10_000, to: 60_000 }];
  expect(whilePaused(mints([9_000, 11_000, 61_000]), "vid_a", pauses, TTL)).toBe(0);
  expect(whilePaused(mints([20_000]), "vid_a", pauses, TTL)).toBe(1);
  expect(whilePaused(mints([20_000], "vid_b"), "vid_a", pauses, TTL)).toBe(0);
});

test("a token that ended on the way is told from every other refusal", () => {
  const codes = [null, "MOCK_FAULT", "PLAYBACK_TOKEN_EXPIRED", "PLAYBACK_TOKEN_INVALID"];
  const journal = codes.map((errorCode) => entry({ errorCode }));
  expect(late(journal)).toBe(1);
  expect(refused(journal)).toBe(1);
});
