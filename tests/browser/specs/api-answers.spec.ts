/** What becomes of an API that answers anything: `tests/fuzz/envelope.rs`, with the reader that the browser really has. */
import { createHash } from "node:crypto";

import { seeds } from "../support/seeds.ts";
import { expect, test } from "../support/test.ts";

/** Answers to each of the calls. */
const ROUNDS = 100;

const VIDEO = { id: "vid_1", title: "Sea", status: "COMPLETED", quality: null, durationSeconds: 24.5, encrypted: true };
const DATA: Record<string, unknown>[] = [
  VIDEO,
  { videos: [VIDEO, { ...VIDEO, status: "DREAMING" }], nextCursor: "c" },
  { token: "aa.bb.cc", expiresIn: 300, playerUrl: "https://play.example/aa.bb.cc" },
];
const ERROR = { code: "VIDEO_NOT_FOUND", message: "No such video.", status: 404 };
const VALUES: unknown[] = [null, true, false, 0, -1, 1.5, 1e300, "", "text", "TEAPOT", "../..", [], [1], {}, { a: {} }];
const STATUSES = [200, 200, 200, 201, 299, 400, 401, 403, 404, 408, 429, 499, 500, 503];

/** An answer that is almost right, the same for the same seed. */
function answer(seed: number): { status: number; headers: Record<string, string>; body: string } {
  const bytes = createHash("sha256").update(String(seed)).digest();
  let at = 0;
  const pick = <T>(list: readonly T[]): T => list[(bytes[at++ % bytes.length] ?? 0) % list.length] as T;
  const spoilt = (whole: Record<string, unknown>): unknown => {
    if (pick([true, false])) return whole;
    const copy = { ...whole, [pick(Object.keys(whole))]: pick(VALUES) };
    return pick([copy, copy, copy, pick(VALUES)]);
  };
  const whole = pick([
    { success: true, data: spoilt(pick(DATA)) },
    { success: true, data: spoilt(pick(DATA)) },
    { success: false, error: spoilt(ERROR) },
    { success: pick(VALUES), data: spoilt(pick(DATA)), error: spoilt(ERROR) },
    pick(VALUES),
  ]);
  const json = JSON.stringify(whole);
  const number = () =>
    pick(["1000", "0", "-1", "many", "1e3", "18446744073709551616", "", "Wed, 21 Oct 2065 07:28:00 GMT"]);
  return {
    status: pick(STATUSES),
    headers: {
      "content-type": pick(["application/json", "text/html", "application/octet-stream"]),
      "retry-after": number(),
      "x-ratelimit-limit": number(),
      "x-ratelimit-remaining": number(),
      "x-ratelimit-reset": number(),
    },
    body: pick([json, json, json, json, json.slice(0, json.length / 2), "<!doctype html>", "", `\u{feff}${json}`]),
  };
}

test("whatever the API answers, every promise settles, with what was promised or a typed error", async ({
  page,
  mock,
  site,
}) => {
  let seed = 0;
  let tried = 0;
  for (const path of ["/v1/video", "/v1/video/vid_1", "/v1/video/vid_1/playback-token"]) {
    site.route(path, (_request, response) => {
      const { status, headers, body } = answer(seed);
      response.writeHead(status, headers).end(body);
    });
  }
  await page.goto(site.page("blank.html"));
  for (seed of seeds(ROUNDS)) {
    const wrong = await page.evaluate(async (apiKey) => {
      const { createClient } = await import("@ansdev/player");
      const client = await createClient({ apiKey, baseUrl: location.origin });
      const found: string[] = [];
      const check = async <T>(what: string, promise: Promise<T>, isPromised: (value: T) => boolean) => {
        try {
          const value = await promise;
          if (!isPromised(value)) found.push(`${what} gave ${JSON.stringify(value)}`);
        } catch (thrown) {
          const error = thrown as Error & { code: unknown; retryAfter: number | null };
          const isTyped = error.name === "AnsdevError" && typeof error.code === "string";
          if (!isTyped || !Number.isFinite(error.retryAfter ?? 0)) found.push(`${what} threw ${String(error)}`);
          else if (error.message.includes(apiKey.slice(12))) found.push(`${what} says the key`);
        }
      };
      const isVideo = (video: { id: unknown; status: unknown }) =>
        typeof video.id === "string" && typeof video.status === "string";
      await check("get", client.videos.get("vid_1"), isVideo);
      await check("list", client.videos.list(), ({ videos }) => videos.every(isVideo));
      const session = await client.openSession("vid_1");
      // Some errors are tried again for 10 seconds.
      const signal = AbortSignal.timeout(100);
      await check("getToken", session.getToken({ signal }), (token) => /^[\w.~-]+$/.test(token));
      client.destroy();
      return found;
    }, mock.apiKey);
    // Whatever fails, FUZZ_SEED repeats it.
    expect({ seed, wrong, ...answer(seed) }).toEqual({ seed, wrong: [], ...answer(seed) });
    tried++;
  }
  test.info().annotations.push({ type: "fuzzed", description: `${tried} answers to each of three calls` });
});
