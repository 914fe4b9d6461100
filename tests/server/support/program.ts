import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** What a token endpoint is started with, as environment variables. */
export interface Access {
  apiKey: string;
  baseUrl: string;
}

/** A server that runs as a program of its own, and says where it listens. */
export class Program {
  /** All that it printed so far. */
  output = "";

  private constructor(
    private readonly process: ChildProcess,
    /** Where it listens. */
    public url: string,
  ) {}

  /** Starts it and waits for the first address on loopback that it prints. */
  static async start(
    command: string[],
    { apiKey, baseUrl }: Access,
    more: Record<string, string> & { cwd?: string } = {},
  ): Promise<Program> {
    const { cwd = ROOT, ...environment } = more;
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd,
      // The names that the examples read; any free port, whatever it is called.
      env: {
        ...process.env,
        NODE_ENV: "production",
        ANSDEV_API_KEY: apiKey,
        ANSDEV_BASE_URL: baseUrl,
        LISTEN: "127.0.0.1:0",
        PORT: "0",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
      // With all that it starts itself.
      detached: true,
    });
    const started = new Program(child, "");
    await new Promise<void>((resolve, reject) => {
      const hear = (text: Buffer): void => {
        started.output += stripVTControlCharacters(text.toString());
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(started.output) ?? [];
        if (url === undefined) return;
        started.url ||= url;
        resolve();
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("error", reject);
      child.once("exit", (code) => {
        reject(new Error(`${command.join(" ")} ended with ${String(code)}: ${started.output}`));
      });
    });
    return started;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const { exitCode, signalCode, pid } = this.process;
    if (exitCode !== null || signalCode !== null || pid === undefined) return;
    const exited = once(this.process, "exit");
    process.kill(-pid, "SIGKILL");
    await exited;
  }
}
