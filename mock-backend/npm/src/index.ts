/**
 * The whole Ansdev API for tests, on a port of this machine.
 *
 * @packageDocumentation
 */
import { askCore } from "./ask.js";
import { Controls } from "./controls.js";
import { Core, type CoreOptions } from "./core.js";
import { MockBackendError } from "./error.js";
import { mockModule } from "./module.js";
import { checked, type MockOptions, wholeNumber } from "./options.js";
import { filesOf, installedSdk } from "./sdk-folder.js";
import { Server } from "./server.js";

export type * from "./models.js";
export type { MockOptions } from "./options.js";
export { MockBackendError } from "./error.js";

/** How a mock on a port shall be. */
export interface MockBackendOptions extends MockOptions {
  /** Where to listen; 0, the default, is any free port. */
  port?: number | undefined;
  /** The address to listen on. Default `127.0.0.1`: everybody is logged in at its dashboard, so keep it on loopback. */
  host?: string | undefined;
  /** Folder with a built SDK, for the hosted player and the demo page. Default: that of an installed `@ansdev/player`. */
  sdk?: string | undefined;
}

/** A running mock of the Ansdev API. */
export class MockBackend extends Controls {
  /** The base URL, such as `http://127.0.0.1:40123`, without a slash at its end. */
  readonly url: string;
  /** Answers a request without a socket. */
  readonly fetch: (request: Request | string | URL, init?: RequestInit) => Promise<Response>;
  readonly #server: Server;

  /** @internal */
  constructor(core: Core, server: Server) {
    super(core);
    this.#server = server;
    this.url = `http://${server.reachable}`;
    this.fetch = (request, init) => askCore(core, new Request(request, init));
  }

  /** @internal Where strangers reach it, if they do. */
  get exposed(): string | undefined {
    return this.#server.isLoopback ? undefined : this.#server.address;
  }

  /** Takes no more connections, and waits up to 5 seconds until requests under way have their answers. */
  async stop(): Promise<void> {
    await this.#server.stop();
    this.core.end(new MockBackendError("The mock backend was stopped."));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/**
 * Starts a mock; each has a port, a store and a clock of its own.
 *
 * @throws MockBackendError - where an option makes no sense, or the address cannot be listened on
 */
export async function startMockBackend(options: MockBackendOptions = {}): Promise<MockBackend> {
  const { port = 0, host = "127.0.0.1", sdk, ...rest } = options;
  wholeNumber("port", port, 0, 65_535);
  return start(host, port, sdk, checked(rest, []));
}

/** @internal The program's way in, which also logs. */
export async function start(
  host: string,
  port: number,
  sdk: string | undefined,
  options: CoreOptions,
  log: (level: string, text: string) => void = () => undefined,
): Promise<MockBackend> {
  const module = await mockModule();
  const made: { core?: Core; server?: Server } = {};
  const server = await Server.listen(host, port, (address) => {
    const sdkFile = filesOf(sdk ?? installedSdk());
    const crashed = (error: MockBackendError): void => {
      log("ERROR", error.message);
      made.server?.close();
    };
    return (made.core = new Core(module, { ...options, address }, { sdkFile, log, crashed }));
  });
  made.server = server;
  if (!made.core) throw new MockBackendError("The mock was not started.");
  return new MockBackend(made.core, server);
}
