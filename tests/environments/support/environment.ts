import { execFile } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { delimiter, join, relative, resolve } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";

/** The folder of this suite. */
export const HERE = resolve(import.meta.dirname, "..");
/** The repository's. */
export const ROOT = resolve(HERE, "../..");

/** Each installs what the package runs with: the newest versions of it, and the oldest that it is for. */
export const ENDS = ["newest", "oldest"] as const;
export type End = (typeof ENDS)[number];

/** What takes an install of its own is part of `--all`. */
export const tagOf = (end: End): { tag?: string } => (end === "oldest" ? { tag: "@all" } : {});

const run = promisify(execFile);

/** A copy of a fixture beside the packages of one end, which it sees as its own. */
export class Environment {
  private constructor(
    readonly end: End,
    /** Where the copy lies. */
    readonly folder: string,
  ) {}

  static copy(end: End, fixture: string, name = fixture): Environment {
    const folder = join(HERE, end, ".work", name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(join(HERE, "fixtures", fixture), folder, { recursive: true });
    return new Environment(end, folder);
  }

  /** A file of the installed package. */
  packed(name: string): string {
    return join(HERE, this.end, "node_modules/@ansdev/player", name);
  }

  /** Where a file of the copy lies, as a page's server needs it: from the repository's root. */
  fromRoot(path: string): string {
    return relative(ROOT, join(this.folder, path));
  }

  /** Runs a program of this end, or of the repository, in the copy; gives back all that it printed, or fails with it. */
  async run(program: string, args: string[], environment: Record<string, string> = {}): Promise<string> {
    const bins = [join(HERE, this.end, "node_modules/.bin"), join(ROOT, "node_modules/.bin")];
    const env = { ...process.env, CI: "1", ...environment };
    const PATH = [...bins, process.env["PATH"] ?? ""].join(delimiter);
    try {
      const { stdout, stderr } = await run(program, args, { cwd: this.folder, env: { ...env, PATH } });
      return stripVTControlCharacters(stdout + stderr);
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
    }
  }
}
