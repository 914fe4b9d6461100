import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request, and the answer that the backend gave. */
export interface Exchange {
  method: string;
  /** As the client asked for it. */
  url: URL;
  /** The API key that came with it, or nothing. */
  key: string;
  status: number;
  headers: Headers;
  body: string;
}

/** What a proxy does to a backend's answers, and to the addresses that it is asked for. */
export interface Breakage {
  /** The address to ask the backend for in this one's place. */
  asked?: (url: URL) => void;
  /** Changes the answer. */
  answered?: (exchange: Exchange) => void;
}

/** The envelope of an error. */
export function refuse(exchange: Exchange, status: number, code: string): void {
  exchange.status = status;
  exchange.body = JSON.stringify({ success: false, error: { code, message: code, status } });
}

/** Changes the `data` of an answer that succeeded. */
export function changeData(exchange: Exchange, change: (data: Record<string, unknown>) => void): void {
  const answer = JSON.parse(exchange.body) as { success: boolean; data: Record<string, unknown> };
  if (!answer.success) return;
  change(answer.data);
  exchange.body = JSON.stringify(answer);
}

/** A backend as it is, but for one thing. */
export class BreakingProxy {
  /** What it answered, the oldest first. */
  readonly seen: Exchange[] = [];

  private constructor(
    private readonly server: Server,
    private readonly backend: string,
    private readonly breakage: Breakage,
  ) {}

  /** Listens on any free port. */
  static async start(backend: string, breakage: Breakage): Promise<BreakingProxy> {
    const server = createServer((request, response) => {
      void proxy.answer(request.method ?? "", request.url ?? "", request.headers).then(({ status, headers, body }) => {
        response.writeHead(status, [...headers].flat());
        response.end(body, "latin1");
      });
    });
    const proxy = new BreakingProxy(server, backend, breakage);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** Where it listens. */
  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(method: string, path: string, headers: IncomingHttpHeaders): Promise<Exchange> {
    const url = new URL(path, this.url);
    const asked = new URL(url);
    this.breakage.asked?.(asked);
    const own = ["host", "connection", "content-length"];
    const rest = Object.entries(headers).filter(([name]) => !own.includes(name));
    const answer = await fetch(new URL(asked.pathname + asked.search, this.backend), {
      method,
      headers: rest as [string, string][],
      redirect: "manual",
    });
    // Addresses name the proxy, as they would name a backend behind it.
    const body = Buffer.from(await answer.arrayBuffer())
      .toString("latin1")
      .replaceAll(this.backend, this.url);
    const known = new Headers(answer.headers);
    for (const name of ["connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"]) {
      known.delete(name);
    }
    const key = String(headers["x-ansdev-key"] ?? "");
    const exchange = { method, url, key, status: answer.status, headers: known, body };
    this.breakage.answered?.(exchange);
    this.seen.push(exchange);
    return exchange;
  }
}
