import { Capabilities } from "selenium-webdriver";

import { findChromium, findProgram } from "../../browser/support/program.ts";

/** What a browser is made of. */
export type EngineName = "chromium" | "firefox" | "webkit";

/** How a browser with an engine is started and steered. */
export interface Engine {
  /** The program that speaks WebDriver. */
  driver: () => string;
  /** Its arguments. */
  args: (port: number) => string[];
  /** What it, and the browser that it starts, find in the environment besides. */
  env: NodeJS.ProcessEnv;
  /** What to ask of the browser. */
  capabilities: () => Capabilities;
  /** Whether the browser has no mode without a screen. */
  needsDisplay: boolean;
  /** What stands in the command line of the processes that run pages' scripts. */
  contentProcess: string;
}

// Browsers refuse to sandbox what runs as root, and containers run as root. The tests load pages of their own only.
const IS_ROOT = process.getuid?.() === 0;

export const ENGINES: Record<EngineName, Engine> = {
  chromium: {
    driver: () => findProgram("CHROMEDRIVER", ["chromedriver"], "install it (Debian: apt-get install chromium-driver)"),
    args: (port) => [`--port=${String(port)}`],
    env: {},
    capabilities: () =>
      new Capabilities({
        browserName: "chrome",
        "goog:chromeOptions": {
          binary: findChromium(),
          args: [
            "--headless=new",
            ...(IS_ROOT ? ["--no-sandbox"] : []),
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--autoplay-policy=no-user-gesture-required",
          ],
        },
      }),
    needsDisplay: false,
    contentProcess: "--type=renderer",
  },
  firefox: {
    driver: () => findProgram("GECKODRIVER", ["geckodriver"], "run `cargo xtask test engines`, which builds it"),
    args: (port) => ["--port", String(port), "--log", "fatal"],
    env: {},
    capabilities: () =>
      new Capabilities({
        browserName: "firefox",
        "moz:firefoxOptions": {
          binary: findProgram(
            "FIREFOX",
            ["firefox-esr", "firefox"],
            "install it (Debian: apt-get install firefox-esr)",
          ),
          args: ["-headless"],
          // geckodriver itself turns off updates, telemetry and every other request of Firefox's own.
          prefs: { "media.autoplay.default": 0 },
        },
      }),
    needsDisplay: false,
    contentProcess: "-isForBrowser",
  },
  webkit: {
    driver: () =>
      findProgram("WEBKIT_DRIVER", ["WebKitWebDriver"], "install it (Debian: apt-get install webkit2gtk-driver)"),
    args: (port) => [`--port=${String(port)}`],
    env: {
      ...(IS_ROOT && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" }),
      // A machine without a sound card: GStreamer would wait for ever for one, and the film with it.
      GST_PLUGIN_FEATURE_RANK: "fakeaudiosink:MAX",
    },
    // WebKitGTK's own small browser, which its driver starts by itself.
    capabilities: () => new Capabilities({ browserName: "MiniBrowser" }),
    needsDisplay: true,
    contentProcess: "WebKitWebProcess",
  },
};
