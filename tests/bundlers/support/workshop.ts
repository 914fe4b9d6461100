import { execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify, stripVTControlCharacters } from "node:util";

import type { Page } from "@playwright/test";

import type { Mock } from "../../browser/support/mock.ts";

/** This package's folder, whose node_modules the workshop's folders see. */
export const HERE = resolve(import.meta.dirname, "..");
const ROOT = resolve(HERE, "../..");
const ENVIRONMENT = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: "1",
  NODE_ENV: "production",
  // As npm does it for scripts.
  PATH: `${join(HERE, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`,
  MOCK_BACKEND: process.env["MOCK_BACKEND"] ?? join(ROOT, "target/debug/ansdev-mock-backend"),
};
const run = promisify(execFile);
/** A program of the folder's own, else one of this package's. */
function binary(folder: string, program: string): string {
  const own = join(folder, "node_modules/.bin", program);
  return existsSync(own) ? own : join(HERE, "node_modules/.bin", program);
}

/** A copy of a fixture or example, which can be built without a trace in the repository. */
export class Workshop {
  private constructor(
    /** Where the copy lies. */
    readonly folder: string,
  ) {}

  /** Copies a folder that is named from the repository's root. */
  static copy(folder: string, name = folder.replaceAll("/", "-")): Workshop {
    const workshop = Workshop.empty(name);
    cpSync(join(ROOT, folder), workshop.folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
    return workshop;
  }

  /** A folder that is there. */
  static at(folder: string): Workshop {
    return new Workshop(folder);
  }

  /** A folder with nothing in it. */
  static empty(name: string): Workshop {
    const folder = join(HERE, ".work", name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return new Workshop(folder);
  }

  /** Where a file of the copy lies, as a page's server needs it: from the repository's root. */
  fromRoot(path: string): string {
    return relative(ROOT, join(this.folder, path));
  }

  /** Puts a key and a video into an example, as its reader would; and the mock in the vendor's place. */
  fillIn({ apiKey, url }: Mock, video = "vid_rotating_keys"): this {
    for (const name of readdirSync(this.folder, { recursive: true, encoding: "utf8" })) {
      if (!/\.(html|jsx?|tsx?|vue|svelte)$/.test(name)) continue;
      const file = join(this.folder, name);
      const text = readFileSync(file, "utf8");
      writeFileSync(
        file,
        text
          .replaceAll("YOUR_VIDEO", video)
          .replaceAll('{ apiKey: "YOUR_KEY" }', JSON.stringify({ apiKey, baseUrl: url })),
      );
    }
    return this;
  }

  /** Runs a program of node_modules in the copy; gives back what it printed, or fails with it. */
  async run(program: string, ...args: string[]): Promise<string> {
    try {
      return (await run(binary(this.folder, program), args, { cwd: this.folder, env: ENVIRONMENT })).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** Starts a server of node_modules in the copy, and gives back its address and a way to end it. */
  async serve(program: string, ...args: string[]): Promise<{ url: string; stop: () => void }> {
    const server = spawn(binary(this.folder, program), args, {
      cwd: this.folder,
      env: ENVIRONMENT,
      stdio: ["ignore", "pipe", "inherit"],
      // With all that it starts itself.
      detached: true,
    });
    const stop = (): void => {
      if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid);
    };
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: server.stdout }).on("line", (line) => {
        const address = /http:\/\/(?:127\.0\.0\.1|0\.0\.0\.0|\[::\]):(\d+)/.exec(stripVTControlCharacters(line));
        if (address) resolve(`http://127.0.0.1:${String(address[1])}`);
      });
      server.once("error", reject);
      server.once("exit", (code) => {
        reject(new Error(`${program} ${args.join(" ")} ended with ${String(code)}`));
      });
    });
    return { url, stop };
  }

  /** The documented line for `slim`: copies its two files to where the page's other files are. */
  copySlimFiles(to: string): void {
    for (const name of ["worker.js", "ansdev-player.wasm"]) {
      cpSync(join(HERE, "node_modules/@ansdev/player/dist", name), join(this.folder, to, "ansdev", name));
    }
  }
}

/** Waits until a page's video shows moving pictures. */
export async function plays(page: Page, selector = "ansdev-video"): Promise<void> {
  await page.waitForFunction(
    (name) => {
      const found = document.querySelector<HTMLVideoElement & { media?: HTMLVideoElement }>(name);
      return ((found?.media ?? found)?.currentTime ?? 0) > 2;
    },
    selector,
    { timeout: 30_000 },
  );
}
