import { Builder, type WebDriver } from "selenium-webdriver";

import { freePort } from "../../browser/support/free-port.ts";
import { findProgram } from "../../browser/support/program.ts";
import { type Engine, ENGINES, type EngineName } from "./engine.ts";
import { descendants, Running } from "./process.ts";

/** Milliseconds that a driver may take to listen. */
const DRIVER_DEADLINE = 20_000;
/** Milliseconds that one script in a page may take: a film of 24 s, on a busy machine. */
const SCRIPT_DEADLINE = 90_000;

/** A browser of one engine, steered by WebDriver. */
export class Browser {
  private constructor(
    private readonly engine: Engine,
    readonly driver: WebDriver,
    private readonly programs: Running[],
  ) {}

  /** Starts the driver's program, and through it the browser. */
  static async start(name: EngineName): Promise<Browser> {
    const engine = ENGINES[name];
    const programs: Running[] = [];
    try {
      const env = { ...engine.env };
      if (engine.needsDisplay) {
        const advice = "install it (Debian: apt-get install xvfb)";
        const xvfb = findProgram("XVFB", ["Xvfb"], advice);
        const display = Running.start(xvfb, ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        programs.push(display);
        env["DISPLAY"] = `:${await display.line()}`;
      }
      const port = await freePort();
      const driver = Running.start(engine.driver(), engine.args(port), env);
      programs.push(driver);
      const url = `http://127.0.0.1:${String(port)}`;
      await Promise.race([listens(url), driver.ended()]);
      const session = await new Builder().usingServer(url).withCapabilities(engine.capabilities()).build();
      await session.manage().setTimeouts({ script: SCRIPT_DEADLINE });
      return new Browser(engine, session, programs);
    } catch (cause) {
      for (const program of programs.reverse()) await program.stop();
      throw new Error(`${name} could not be started: ${String(cause)}`, { cause });
    }
  }

  /** Lets every page stand still for so many milliseconds, scripts and pictures, as a suspended tab does. */
  async freeze(milliseconds: number): Promise<void> {
    const driver = this.programs.at(-1)?.pid ?? 0;
    const processes = await descendants(driver, this.engine.contentProcess);
    if (processes.length === 0) throw new Error(`No process has ${this.engine.contentProcess} in its command line`);
    for (const pid of processes) process.kill(pid, "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    for (const pid of processes) process.kill(pid, "SIGCONT");
  }

  async stop(): Promise<void> {
    await this.driver.quit();
    for (const program of this.programs.reverse()) await program.stop();
  }
}

/** Waits until a driver answers. */
async function listens(url: string): Promise<void> {
  const signal = AbortSignal.timeout(DRIVER_DEADLINE);
  for (;;) {
    const answer = await fetch(`${url}/status`, { signal }).catch(() => undefined);
    if (answer?.ok) return;
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
