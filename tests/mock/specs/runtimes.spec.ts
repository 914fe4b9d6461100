import { join, resolve } from "node:path";

import { expect, test } from "../support/install.ts";

const BINARIES = resolve(import.meta.dirname, "../../runtimes/node_modules/.bin");

/** A token that is minted, used and expires; a fault; the journal; the end. */
const LIFE = `
  const { createMockBackend } = await import("@ansdev/mock-backend/fetch");
  const mock = await createMockBackend({ ttl: 6 });
  const headers = { "x-ansdev-key": mock.apiKey };
  const ask = (path, init = {}) => mock.fetch(new Request("http://api.test" + path, { headers, ...init }));
  const minted = await ask("/v1/video/vid_single_key/playback-token", { method: "POST" });
  const { token } = (await minted.json()).data;
  const playlist = await (await ask("/v1/video/playback/manifest/" + token)).text();
  const segment = /^http:..api.test(.cdn.*)$/m.exec(playlist)[1];
  const bytes = (await (await ask(segment)).arrayBuffer()).byteLength;
  mock.setFault({ route: "list", kind: "latency", value: 50, times: 1 });
  const late = (await ask("/v1/video")).status;
  mock.setFault({ route: "list", kind: "drop", times: 1 });
  const dropped = await ask("/v1/video").then(() => "answered", (error) => error.message);
  mock.setFault({ route: "list", kind: "truncate", times: 1 });
  const cut = await (await ask("/v1/video")).text().then(() => "whole", (error) => error.message);
  mock.advance(8);
  const expired = (await ask("/v1/video/playback/manifest/" + token)).status;
  const routes = mock.journal().map(({ route }) => route);
  mock.stop();
  const stopped = await ask("/v1/video").catch((error) => error.message);
  const isEncrypted = bytes > 0 && bytes % 16 === 0;
  console.log(JSON.stringify({ minted: minted.status, isEncrypted, late, dropped, cut, expired, routes, stopped }));
`;

for (const [name, program, ...args] of [
  ["Node", process.execPath],
  ["Deno", join(BINARIES, "deno"), "run", "--allow-read"],
  ["Bun", join(BINARIES, "bun")],
] satisfies [string, string, ...string[]][]) {
  test(
    `without a socket, in ${name}: the installed package answers what fetch is asked`,
    {
      tag: name === "Node" ? [] : "@all",
    },
    async ({ installed }) => {
      expect(JSON.parse(await installed.run(LIFE, [program, ...args]))).toEqual({
        minted: 200,
        isEncrypted: true,
        late: 200,
        dropped: expect.stringContaining("closed without an answer") as unknown,
        cut: expect.stringContaining("closed in the middle") as unknown,
        expired: 401,
        routes: ["mint", "manifest", "segment", "list", "list", "list", "manifest"],
        stopped: "The mock backend was stopped.",
      });
    },
  );
}
