/**
 * The mock without a socket: for browsers, Deno and Bun, and for service workers and test frameworks that take a function
 * from `Request` to `Response`.
 *
 * @packageDocumentation
 */
import { Core } from "./core.js";
import { MockBackendError } from "./error.js";
import { Controls } from "./controls.js";
import { mockModule } from "./module.js";
import { checked, type MockOptions } from "./options.js";
import { askCore } from "./ask.js";

export type * from "./models.js";
export type { MockOptions } from "./options.js";
export { MockBackendError } from "./error.js";

/** How a mock without a socket shall be. */
export interface FetchMockOptions extends MockOptions {
  /** A file of the built SDK by its path, such as `ansdev-player.global.js`, for the hosted player and the demo page. */
  sdkFile?: ((path: string) => Uint8Array | undefined) | undefined;
}

/** A mock without a socket. */
export class FetchMockBackend extends Controls {
  /** Answers a request; its host is the one that the mock's answers name. */
  readonly fetch: (request: Request | string | URL, init?: RequestInit) => Promise<Response>;

  /** @internal */
  constructor(core: Core) {
    super(core);
    this.fetch = (request, init) => askCore(core, new Request(request, init));
  }

  /** Ends it. What is under way fails. */
  stop(): void {
    this.core.end(new MockBackendError("The mock backend was stopped."));
  }
}

/**
 * Makes a mock without a socket.
 *
 * @throws MockBackendError - where an option makes no sense
 */
export async function createMockBackend(options: FetchMockOptions = {}): Promise<FetchMockBackend> {
  const { sdkFile, ...rest } = options;
  const wanted = checked(rest, []);
  const core = new Core(await mockModule(), wanted, {
    sdkFile: (path) => sdkFile?.(path),
    log: () => undefined,
    crashed: () => undefined,
  });
  return new FetchMockBackend(core);
}
