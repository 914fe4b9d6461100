import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const PROGRAM =
  process.env["MOCK_BACKEND"] ?? fileURLToPath(new URL("../../../target/debug/ansdev-mock-backend", import.meta.url));

/** Whether it has the page at `/docs`: the native one does. */
export const HAS_DOCS = !PROGRAM.endsWith(".js");

/** One request that the mock answered. */
export interface Entry {
  /** Unix milliseconds, by the mock's clock. */
  at: number;
  method: string;
  path: string;
  route: string;
  status: number | null;
  errorCode: string | null;
  keyPrefix: string | null;
  origin: string | null;
}

/** A fault to set on a route. */
export interface Fault {
  route: "list" | "get" | "mint" | "manifest" | "key" | "segment" | "*";
  kind: "latency" | "status" | "drop" | "truncate" | "garbage";
  value?: number;
  times?: number;
  /** How likely a request is to meet it, from 0 to 1; certain where it is not said. */
  probability?: number;
  /** The same seed applies to the same requests, counted from when the fault was set. */
  seed?: number;
}

/** A process of the mock backend. */
export class Mock {
  private constructor(
    private readonly process: ChildProcess,
    private readonly flags: string[],
    /** Where it listens. */
    readonly url: string,
    /** A key that may do everything. */
    readonly apiKey: string,
  ) {}

  /** What `createClient` needs to reach it. */
  get access(): { apiKey: string; baseUrl: string } {
    return { apiKey: this.apiKey, baseUrl: this.url };
  }

  /** Starts it on any free port, with the control plane on. */
  static async start(...flags: string[]): Promise<Mock> {
    return Mock.listen("127.0.0.1:0", flags);
  }

  private static async listen(address: string, flags: string[]): Promise<Mock> {
    if (!existsSync(PROGRAM)) {
      throw new Error(`${PROGRAM} is missing; run \`cargo build -p ansdev-mock-backend\` or set MOCK_BACKEND`);
    }
    const child = spawn(PROGRAM, ["--listen", address, "--json", "--control", ...flags], {
      env: { ...process.env, RUST_LOG: "warn" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout });
    const line = await Promise.race([
      once(lines, "line").then(([text]) => text as string),
      once(child, "exit").then(([code]) => {
        throw new Error(`The mock backend ended with ${String(code)} before it listened`);
      }),
    ]);
    const { url, apiKey } = JSON.parse(line) as { url: string; apiKey: string };
    return new Mock(child, flags, url, apiKey);
  }

  /** Ends the process; `restart` brings it back on the same port. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await exited;
  }

  /** Another process on the same port with the same key; with `--db` it remembers. */
  async restart(): Promise<Mock> {
    await this.stop();
    const flags = this.flags.includes("--api-key") ? this.flags : [...this.flags, "--api-key", this.apiKey];
    return Mock.listen(new URL(this.url).host, flags);
  }

  /** Every request since the start, or the last reset. */
  async journal(): Promise<Entry[]> {
    const { entries } = (await this.control("GET", "journal")) as { entries: Entry[] };
    return entries;
  }

  /** The tokens that were minted, or asked for in vain. */
  async mints(): Promise<Entry[]> {
    return (await this.journal()).filter(({ route, method }) => route === "mint" && method === "POST");
  }

  /** The requests that were refused, for whatever reason. */
  async refusals(): Promise<Entry[]> {
    return (await this.journal()).filter(({ errorCode }) => errorCode !== null);
  }

  /** Sets a fault. */
  async fault(fault: Fault): Promise<void> {
    await this.control("POST", "faults", fault);
  }

  /** Takes every fault back. */
  async clearFaults(): Promise<void> {
    await this.control("DELETE", "faults");
  }

  /** The backend's clock, in Unix milliseconds. */
  async now(): Promise<number> {
    return ((await this.control("GET", "clock")) as { now: number }).now;
  }

  /** Moves the backend's clock on. */
  async advance(seconds: number): Promise<void> {
    await this.control("POST", "clock", { advanceSeconds: seconds });
  }

  /** Makes a key. */
  async createKey(wanted: { name?: string; scopes?: string[]; expiresAt?: string; quota?: number }): Promise<string> {
    return ((await this.control("POST", "keys", wanted)) as { apiKey: string }).apiKey;
  }

  /** Revokes a key. */
  async revoke(apiKey: string): Promise<void> {
    await this.control("DELETE", `keys/${apiKey.slice(0, 12)}`);
  }

  private async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/_mock/${path}`, {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_mock/${path}: ${String(response.status)} ${text}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  }
}
