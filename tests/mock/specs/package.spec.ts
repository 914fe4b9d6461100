import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { playFilm } from "../../browser/support/play-film.ts";
import { expect, test } from "../support/install.ts";

test("the tarball is small, and holds no native binary and no install script", ({ installed }) => {
  const { size, files } = installed.tarball;
  expect(size).toBeLessThanOrEqual(1_500_000);
  const others = files.map(({ path }) => path).filter((path) => !/\.(js|d\.ts|wasm|json|md)$|^LICENSE-/.test(path));
  expect(others).toEqual([]);
  const manifest = JSON.parse(
    readFileSync(join(installed.folder, "node_modules/@ansdev/mock-backend/package.json"), "utf8"),
  ) as { scripts?: Record<string, string>; dependencies?: object };
  expect(Object.keys(manifest.scripts ?? {}).filter((name) => name.includes("install"))).toEqual([]);
  expect(manifest.dependencies).toBeUndefined();
});

test("a film plays from the installed program, past its renewals, with no cargo on the PATH", async ({
  page,
  site,
  installed,
}) => {
  const flags = ["--listen", "127.0.0.1:0", "--ttl", "6", "--control", "--json"];
  const program = spawn(installed.program, flags, {
    env: installed.environment,
    cwd: installed.folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface(program.stdout), "line")) as [string];
    const { url, apiKey, videos } = JSON.parse(line) as { url: string; apiKey: string; videos: { id: string }[] };
    expect(videos[0]?.id).toBe("vid_rotating_keys");
    await page.goto(site.page("blank.html"));
    await playFilm(page, { apiKey, baseUrl: url }, "vid_rotating_keys");
    await page.waitForFunction(() => shown.element.currentTime > 9);
    const { entries } = (await (await fetch(`${url}/_mock/journal`)).json()) as { entries: { route: string }[] };
    expect(entries.filter(({ route }) => route === "mint").length).toBeGreaterThanOrEqual(2);
  } finally {
    const exited = once(program, "exit");
    program.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
  }
});

test("a mock starts in under half a second, and twenty in one process have ports of their own", async ({
  installed,
}) => {
  const measured = await installed.run(`
    const began = performance.now();
    const { startMockBackend } = await import("@ansdev/mock-backend");
    const first = await startMockBackend();
    const ms = performance.now() - began;
    const mocks = [first, ...(await Promise.all(Array.from({ length: 19 }, () => startMockBackend())))];
    const [, second] = mocks;
    first.revokeKey(first.apiKey);
    const list = (mock) => fetch(mock.url + "/v1/video", { headers: { "x-ansdev-key": mock.apiKey } });
    const statuses = [(await list(first)).status, (await list(second)).status];
    await Promise.all(mocks.map((mock) => mock.stop()));
    const gone = await list(second).then(() => false, () => true);
    console.log(JSON.stringify({ ms, ports: new Set(mocks.map(({ url }) => url)).size, statuses, gone }));
  `);
  const { ms, ...rest } = JSON.parse(measured) as { ms: number };
  expect(rest).toEqual({ ports: 20, statuses: [401, 200], gone: true });
  expect(ms).toBeLessThan(500);
});
