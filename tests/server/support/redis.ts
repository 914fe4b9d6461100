import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { freePort } from "../../browser/support/free-port.ts";
import { findProgram } from "../../browser/support/program.ts";

/** A Redis of the test's own, on a free port of loopback, which writes down what it counts. */
export class Redis {
  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private process: ChildProcess,
  ) {}

  static async start(): Promise<Redis> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), "ansdev-redis-"));
    return new Redis(port, folder, await launch(port, folder));
  }

  /** Where it listens. */
  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    const exited = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await exited;
  }

  /** Another process with the same port and memory. */
  async restart(): Promise<void> {
    this.process = await launch(this.port, this.folder);
  }

  /** Stops it in the middle of what it does, without ending a connection; `resume` lets it go on. */
  hang(): void {
    this.process.kill("SIGSTOP");
  }

  /** Lets it go on. */
  resume(): void {
    this.process.kill("SIGCONT");
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    await rm(this.folder, { recursive: true });
  }
}

async function launch(port: number, folder: string): Promise<ChildProcess> {
  const program = findProgram("REDIS_SERVER", ["redis-server"], "install it (Debian: apt-get install redis-server)");
  const flags = { port: String(port), bind: "127.0.0.1", dir: folder, appendonly: "yes", appendfsync: "always" };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes("Ready to accept connections")) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error("redis-server ended before it was ready");
}
