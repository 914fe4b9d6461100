import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** An origin that is none of the SDK's business. It takes every request, keeps it, and lets every page read its answer. */
export class Stranger {
  /** Whole requests: address, headers and body, each letter a byte. */
  readonly requests: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Starts it on any free port. */
  static async start(): Promise<Stranger> {
    const server = createServer((request, response) => {
      void buffer(request).then((body) => {
        stranger.requests.push([request.url, ...request.rawHeaders, body.toString("latin1")].join("\n"));
        response.writeHead(200, {
          "access-control-allow-origin": "*",
          "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
        });
        response.end(Buffer.alloc(16));
      });
    });
    const stranger = new Stranger(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return stranger;
  }

  /** Where it listens. */
  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Ends it. */
  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
