import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { test as base } from "../../browser/support/test.ts";

const PACKAGE = resolve(import.meta.dirname, "../../../mock-backend/npm");

/** The package as `npm pack` makes it. */
export interface Tarball {
  file: string;
  /** Bytes of the tarball. */
  size: number;
  files: { path: string }[];
}

/** A folder outside of the repository in which the tarball is installed, and nothing else. */
export class Installation {
  constructor(
    /** The folder. */
    readonly folder: string,
    /** What was installed. */
    readonly tarball: Tarball,
  ) {}

  /** Programs find Node, and neither cargo nor anything else. */
  get environment(): NodeJS.ProcessEnv {
    return { PATH: join(this.folder, "path"), HOME: this.folder, RUST_LOG: "off" };
  }

  /** The package's program. */
  get program(): string {
    return join(this.folder, "node_modules/.bin/ansdev-mock-backend");
  }

  /**
   * Runs a module there, and gives back what it prints; it may `import` the package by its name.
   *
   * @param runtime - The program that runs it, and its arguments.
   */
  async run(text: string, [program, ...args]: [string, ...string[]] = [process.execPath]): Promise<string> {
    const file = join(this.folder, `run-${String(Math.random()).slice(2)}.mjs`);
    writeFileSync(file, text);
    try {
      const { stdout } = await promisify(execFile)(program, [...args, file], {
        cwd: this.folder,
        env: this.environment,
      });
      return stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${text}\n${stdout}${stderr}`, { cause: error });
    }
  }
}

function install(): Installation {
  const folder = mkdtempSync(join(tmpdir(), "ansdev-mock-"));
  const pack = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: PACKAGE,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(pack) as { filename: string; files: { path: string }[] }[];
  const file = join(folder, packed?.filename ?? "");
  writeFileSync(join(folder, "package.json"), '{"private": true, "type": "module"}');
  mkdirSync(join(folder, "path"));
  symlinkSync(process.execPath, join(folder, "path/node"));
  // Offline: it depends on nothing.
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", file], { cwd: folder, stdio: "pipe" });
  return new Installation(folder, { file, size: statSync(file).size, files: packed?.files ?? [] });
}

/** `test` with the package installed, once for each of Playwright's workers. */
export const test = base.extend<object, { installed: Installation }>({
  installed: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
    async ({}, use) => {
      const installation = install();
      await use(installation);
      rmSync(installation.folder, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
});

export { expect } from "@playwright/test";
