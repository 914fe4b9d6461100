import { once } from "node:events";
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { Secret } from "../../pages/attack/secret.js";

interface Sent {
  url: string;
  headers: [string, string][];
  body: Buffer;
}

/** An HTTP proxy that sees all that leaves a browser, and passes it on. */
export class Wire {
  readonly #server: Server;
  readonly #sent: Sent[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Starts it on any free port. */
  static async start(): Promise<Wire> {
    const server = createServer();
    const wire = new Wire(server);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      wire.#pass(request, response).catch(() => response.writeHead(502).end());
    });
    // WebSockets and https ask for a tunnel; nothing here needs one, but what they ask for is seen.
    server.on("connect", (request: IncomingMessage, socket) => {
      wire.#sent.push({ url: request.url ?? "", headers: headersOf(request), body: Buffer.alloc(0) });
      socket.once("data", (data: Buffer) => {
        wire.#sent.push({ url: request.url ?? "", headers: [], body: data });
        socket.destroy();
      });
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return wire;
  }

  /** Its address, for the browser's settings. */
  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Where the key went: origin and header, or the part of the request in which it has no business. */
  sightings(key: string): string[] {
    const secret = new Secret(key);
    const places = new Set<string>();
    for (const { url, headers, body } of this.#sent) {
      const origin = URL.canParse(url) ? new URL(url).origin : url;
      if (secret.isInText(url)) places.add(`${origin} address`);
      if (secret.isInBytes(body)) places.add(`${origin} body`);
      for (const [name, value] of headers) {
        if (secret.isInText(`${name} ${value}`)) places.add(`${origin} ${name.toLowerCase()}`);
      }
    }
    return [...places].sort();
  }

  /** The header names of the requests that carried the key. */
  headersWith(key: string): string[][] {
    const secret = new Secret(key);
    const carriers = this.#sent.filter(({ headers }) => headers.some(([, value]) => secret.isInText(value)));
    return carriers.map(({ headers }) => headers.map(([name]) => name.toLowerCase()));
  }

  /** Ends it. */
  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const url = request.url ?? "";
    this.#sent.push({ url, headers: headersOf(request), body });
    const onward = forward(url, { method: request.method, headers: request.headers });
    const answered = once(onward, "response") as Promise<[IncomingMessage]>;
    onward.end(body);
    const [answer] = await answered;
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  }
}

function headersOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  return pairs;
}
