import type { WebDriver } from "selenium-webdriver";

/** What a script in the page came to. A driver leaves out what is `undefined`, or makes it `null`. */
type Answer = { value?: string | null } | { error: string };

/** Milliseconds that something may take to become true. */
const TIMEOUT = 30_000;

/**
 * A page in a browser of any engine: as much of Playwright's `Page` as WebDriver has in all of them.
 *
 * What goes into the page and comes back goes as JSON.
 */
export class Tab {
  constructor(private readonly driver: WebDriver) {}

  /** Opens an address, and waits until it has loaded. */
  async goto(url: string): Promise<void> {
    await this.driver.get(url);
    await this.driver.executeScript(`
      const thrown = (window.thrown = []);
      addEventListener("error", ({ message }) => thrown.push(message));
      addEventListener("unhandledrejection", ({ reason }) => thrown.push("unhandled: " + (reason?.stack ?? reason)));
    `);
  }

  /** Runs a function in the page, and waits for what it gives. */
  async evaluate<Result, Argument = undefined>(
    run: (argument: Argument) => Result,
    argument?: Argument,
  ): Promise<Awaited<Result>> {
    // Firefox runs what its driver is given in a realm of its own, where `import` knows neither the page's modules nor
    // its import map; so the page's `eval` makes the function, but where the page's policy forbids that.
    const text = run.toString();
    const answer = await this.driver.executeAsyncScript<Answer>(
      `const [argument, text, done] = arguments;
      let run;
      try {
        run = window.eval("(" + text + ")");
      } catch {
        run = ${text};
      }
      (async () => run(argument === null ? undefined : JSON.parse(argument)))().then(
        (value) => done({ value: JSON.stringify(value) }),
        (error) => done({ error: error + "\\n" + error?.stack }),
      );`,
      argument === undefined ? null : JSON.stringify(argument),
      text,
    );
    if ("error" in answer) throw new Error(`In the page: ${answer.error}`);
    return (typeof answer.value === "string" ? JSON.parse(answer.value) : undefined) as Awaited<Result>;
  }

  /** Waits until a function in the page gives something true. */
  async waitForFunction<Argument = undefined>(
    isSo: (argument: Argument) => unknown,
    argument?: Argument,
    { timeout = TIMEOUT }: { timeout?: number } = {},
  ): Promise<void> {
    const deadline = Date.now() + timeout;
    while (!(await this.evaluate(isSo, argument))) {
      if (Date.now() > deadline)
        throw new Error(`Within ${String(timeout)} ms it did not come true: ${isSo.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Loads a script into the page, as a tag of its own. */
  async addScriptTag({ url }: { url: string }): Promise<void> {
    await this.evaluate(
      (src) =>
        new Promise((resolve, reject) => {
          const script = document.createElement("script");
          Object.assign(script, { src, onload: resolve, onerror: reject });
          document.head.append(script);
        }).then(() => undefined),
      url,
    );
  }

  /** What the page's scripts threw since it was opened, and promises that nobody caught. */
  async thrown(): Promise<string[]> {
    return this.evaluate(() => (window as unknown as { thrown?: string[] }).thrown ?? []);
  }
}
