// The socket: Node's own HTTP server in front of a core.
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import type { Answer, Core, Exchange } from "./core.js";
import { MockBackendError } from "./error.js";

/** How long a client can take over the head of a request, and how long an idle connection is kept, in milliseconds. */
const HEAD_TIMEOUT = 30_000;
/** How long a client can take none of an answer that is ready for it. */
const WRITE_TIMEOUT = 30_000;
/** How long requests under way have to finish when the mock stops. */
const GRACE = 5_000;
/** Largest body for which a client that asks is told to go on; the mock refuses a larger one unread. */
const MAX_BODY = 65_536;

/** A server that listens. */
export class Server {
  readonly #http: HttpServer;
  #core: Core | undefined;
  #isStopping = false;

  private constructor(http: HttpServer) {
    this.#http = http;
  }

  /**
   * Binds the address, and has the core made for it before the first request is read.
   *
   * @throws MockBackendError - where the address cannot be listened on
   */
  static async listen(host: string, port: number, makeCore: (address: string) => Core): Promise<Server> {
    const http = createServer({
      connectionsCheckingInterval: 1000,
      headersTimeout: HEAD_TIMEOUT,
      keepAliveTimeout: HEAD_TIMEOUT,
      // The core has a time limit for bodies.
      requestTimeout: 0,
      // The mock answers what comes, and says what is missing.
      requireHostHeader: false,
      noDelay: true,
      // As much as the native server reads.
      maxHeaderSize: 400 << 10,
    });
    const server = new Server(http);
    http.on("request", (request, response) => {
      server.#serve(request, response);
    });
    http.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
      if (!(Number(request.headers["content-length"]) > MAX_BODY)) response.writeContinue();
      server.#serve(request, response);
    });
    http.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      refuse(error, socket);
    });
    await new Promise<void>((resolve, reject) => {
      http.once("error", (error) => {
        const reason = `cannot listen on ${host}:${port}: ${error.message}`;
        reject(new MockBackendError(`${reason}; expected a free address of this machine, such as 127.0.0.1:0`));
      });
      http.listen(port, host, resolve);
    });
    try {
      // At once: no request has been read yet.
      server.#core = makeCore(server.address);
    } catch (error) {
      server.close();
      throw error;
    }
    return server;
  }

  /** Such as `127.0.0.1:40123`. */
  get address(): string {
    const { address, port } = this.#http.address() as AddressInfo;
    return written(address, port);
  }

  /** An address to ask for: where it listens on all of this machine's, that of loopback. */
  get reachable(): string {
    const { address, port } = this.#http.address() as AddressInfo;
    return written({ "0.0.0.0": "127.0.0.1", "::": "::1" }[address] ?? address, port);
  }

  /** Whether only this machine reaches it. */
  get isLoopback(): boolean {
    const { address } = this.#http.address() as AddressInfo;
    return /^(?:::ffff:)?127\.|^::1$/.test(address);
  }

  /** Takes no more connections, and waits until requests under way have their answers. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeIdleConnections();
    const cut = setTimeout(() => {
      this.#http.closeAllConnections();
    }, GRACE);
    await closed;
    clearTimeout(cut);
  }

  /** Closes the socket and every connection. */
  close(): void {
    this.#http.close();
    this.#http.closeAllConnections();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const core = this.#core;
    if (!core) return void request.socket.destroy();
    // The core dates its answers by the mock's clock.
    response.sendDate = false;
    const exchange = core.request(request.method ?? "", request.url ?? "", request.rawHeaders);
    readBody(request, exchange);
    response.on("close", () => {
      if (!response.writableFinished) exchange.cancel();
    });
    exchange.answer.then(
      (answer) => {
        this.#send(answer, request, response);
      },
      // The core has ended.
      () => request.socket.destroy(),
    );
  }

  #send({ status, headers, body, ending }: Answer, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (ending === "dropped") return void socket.destroy();
    // A body that has not come is not waited for.
    if (this.#isStopping || !request.complete) response.shouldKeepAlive = false;
    // A client that takes nothing is not waited for either: Node destroys the socket then.
    socket.setTimeout(WRITE_TIMEOUT);
    // First of those that hear of it: Node sets the time for which an idle connection is kept.
    response.prependListener("finish", () => socket.setTimeout(0));
    response.on("finish", () => {
      if (!request.complete) socket.destroySoon();
    });
    response.writeHead(status, headers);
    if (ending === "cut") {
      response.write(body, () => {
        socket.destroySoon();
      });
    } else {
      response.end(body);
    }
  }
}

function written(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function readBody(request: IncomingMessage, exchange: Exchange): void {
  request.on("data", (chunk: Buffer) => {
    // What nobody reads is thrown away.
    exchange.chunk(chunk);
  });
  request.on("end", () => {
    exchange.end(true);
  });
  request.on("close", () => {
    if (!request.complete) exchange.end(false);
  });
}

/** What is no HTTP, or did not come in time. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const status =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? "408 Request Timeout"
      : error.code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
