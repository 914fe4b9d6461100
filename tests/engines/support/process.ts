import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A program that runs beside the tests until it is stopped. */
export class Running {
  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {}

  /** Starts it. What it writes is dropped; browsers complain about machines without a screen or sound. */
  static start(program: string, args: string[], env: NodeJS.ProcessEnv = {}): Running {
    // The fourth is for programs that are to say something, as Xvfb does.
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    return new Running(child, program);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} could not be started`);
    return this.child.pid;
  }

  /** The first line that it writes to its file descriptor 3. */
  async line(): Promise<string> {
    const lines = createInterface({ input: this.child.stdio[3] as Readable });
    const line = once(lines, "line").then(([text]) => text as string);
    return Promise.race([line, this.ended()]);
  }

  /** Rejects when it ends, or could not be started. */
  async ended(): Promise<never> {
    const [code] = (await once(this.child, "exit")) as [number | null];
    throw new Error(`${this.name} ended with ${String(code)}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.kill();
    await exited;
  }
}

/** The processes below this one, at any depth, whose command line has this text (Linux's `/proc`). */
export async function descendants(pid: number, text: string): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    // `pid (name) state parent …`; the name may hold anything. A process may end meanwhile.
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (child: number): boolean => {
    const parent = parents.get(child);
    return parent !== undefined && (parent === pid || isBelow(parent));
  };
  const below = [...parents.keys()].filter(isBelow);
  const lines = await Promise.all(
    below.map((child) => readFile(`/proc/${String(child)}/cmdline`, "utf8").catch(() => "")),
  );
  return below.filter((_child, index) => lines[index]?.includes(text));
}
