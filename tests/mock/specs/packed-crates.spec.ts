import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { playFilm } from "../../browser/support/play-film.ts";
import { expect, test } from "../../browser/support/test.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

/** Builds of the packed crates, kept for the next time. */
const BUILT = join(ROOT, "target/packed");

async function run(program: string, args: string[], cwd: string): Promise<void> {
  try {
    await promisify(execFile)(program, args, { cwd, maxBuffer: 64 << 20 });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}\n${(error as { stderr: string }).stderr}`, { cause: error });
  }
}

test(
  "the crates hold all that the native mock needs: installed from them, it mints and its film plays",
  {
    tag: "@all",
  },
  async ({ page, site }) => {
    test.setTimeout(1_200_000);
    const folder = mkdtempSync(join(tmpdir(), "ansdev-crates-"));
    try {
      const crates = ["ansdev-player", "ansdev-mock-backend"];
      const packages = crates.map((name) => `--package=${name}`);
      const packing = ["package", "--no-verify", "--allow-dirty", "--target-dir", folder];
      await run("cargo", [...packing, ...packages], ROOT);
      for (const file of readdirSync(join(folder, "package")).filter((name) => name.endsWith(".crate"))) {
        await run("tar", ["-xzf", join("package", file)], folder);
      }
      const [sdk = "", mock = ""] = crates.map((name) => {
        const unpacked = readdirSync(folder).filter((file) => file.startsWith(`${name}-`));
        expect(unpacked).toHaveLength(1);
        return join(folder, String(unpacked[0]));
      });
      // The mock asks crates.io for the SDK's crate, which is not there yet.
      const patch = `patch.crates-io.ansdev-player.path=${JSON.stringify(sdk)}`;
      const installing = [
        "install",
        "--debug",
        "--path",
        mock,
        "--root",
        folder,
        "--target-dir",
        BUILT,
        "--config",
        patch,
      ];
      await run("cargo", installing, folder);

      const program = spawn(join(folder, "bin/ansdev-mock-backend"), ["--listen", "127.0.0.1:0", "--json"], {
        cwd: folder,
        env: { ...process.env, RUST_LOG: "warn" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      try {
        const [line] = (await once(createInterface(program.stdout), "line")) as [string];
        const { url, apiKey } = JSON.parse(line) as { url: string; apiKey: string };
        const minted = await fetch(`${url}/v1/video/vid_single_key/playback-token`, {
          method: "POST",
          headers: { "x-ansdev-key": apiKey },
        });
        expect(minted.status).toBe(200);
        await page.goto(site.page("blank.html"));
        await playFilm(page, { apiKey, baseUrl: url }, "vid_single_key");
        await page.waitForFunction(() => shown.element.currentTime > 1);
      } finally {
        program.kill();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
