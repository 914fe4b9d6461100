import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request that the browser sent. */
export interface Passed {
  /** Unix milliseconds when it came out of the browser. */
  at: number;
  method: string;
  path: string;
  /** Unix milliseconds when the token in its path expires; `null` where there is none. */
  tokenExpires: number | null;
  /** The answer's HTTP status; `null` until it comes, or where none came. */
  status: number | null;
  /** Unix milliseconds when the connection broke before an answer came; else `null`. */
  brokenAt: number | null;
  /** Whether the browser sent it once more by itself, as all do after a GET whose connection broke. */
  isBrowsersRepeat: boolean;
}

/** Milliseconds in which a browser repeats what broke; the SDK waits for half a second. */
const AT_ONCE = 200;

const TOKEN = /\/playback\/(?:manifest|key)\/([^/?]+)/;

/** What lies between a browser and the backend: lets everything pass, notes it, and can be cut. */
export class Network {
  /** What the browser sent, the oldest first. */
  readonly passed: Passed[] = [];
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(
    private readonly server: Server,
    /** Where the browser finds the backend. */
    readonly url: string,
    private readonly backend: string,
  ) {}

  /** Starts it before a backend. */
  static async start(backend: string): Promise<Network> {
    const server = createServer((request, response) => {
      network.#pass(request, response);
    });
    server.on("connection", (socket) => {
      network.#connect(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const network: Network = new Network(server, url, backend);
    return network;
  }

  /** From now on nothing passes: connections break, new ones too. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Everything passes again. */
  mend(): void {
    this.#isCut = false;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  #connect(socket: Socket): void {
    if (this.#isCut) {
      socket.resetAndDestroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url: path = "", headers } = request;
    const at = Date.now();
    const isBrowsersRepeat = this.passed.some(
      (earlier) => earlier.path === path && at - (earlier.brokenAt ?? 0) < AT_ONCE,
    );
    const tokenExpires = expiry(path);
    const passed: Passed = { at, method, path, tokenExpires, status: null, brokenAt: null, isBrowsersRepeat };
    this.passed.push(passed);
    response.once("close", () => {
      if (passed.status === null) passed.brokenAt = Date.now();
    });
    // The Host stays the browser's, so that the backend's absolute addresses lead through here.
    const onward = ask(this.backend + path, { method, headers, agent: false }, (answer) => {
      passed.status = answer.statusCode ?? null;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once("error", () => request.socket.destroy());
    });
    onward.once("error", () => request.socket.destroy());
    request.pipe(onward);
  }
}

/** When the token in a path expires. */
function expiry(path: string): number | null {
  const [, claims = ""] = TOKEN.exec(path)?.[1]?.split(".") ?? [];
  if (claims === "") return null;
  const { exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { exp: number };
  return exp * 1000;
}
