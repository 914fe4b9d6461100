import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDERS: Record<string, string> = {
  "/sdk/": "js/dist",
  "/node_modules/": "node_modules",
  "/": "tests/browser/pages",
};
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** The origin of the pages: another one than the API's, as in real life. */
export class Site {
  /** Headers of every page, such as a Content-Security-Policy. */
  pageHeaders: Record<string, string> = {};
  /** Media types other than the usual ones, by file extension. */
  types: Record<string, string> = {};
  readonly #routes = new Map<string, Handler>();
  #folders: Record<string, string> = { ...FOLDERS };

  private constructor(
    private readonly server: Server,
    /** Where it listens. */
    readonly url: string,
  ) {}

  /** Starts it on any free port. */
  static async start(): Promise<Site> {
    const server = createServer((request, response) => {
      site.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const site: Site = new Site(server, `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    return site;
  }

  /** Answers one path by a function. */
  route(path: string, handler: Handler): void {
    this.#routes.set(path, handler);
  }

  /** Serves a folder, which is named from the repository's root, under a prefix that ends with a slash. */
  folder(prefix: string, folder: string): void {
    // The first prefix that fits counts, and "/" fits always.
    const { "/": pages = "", ...others } = this.#folders;
    this.#folders = { ...others, [prefix]: folder, "/": pages };
  }

  /** The address of a page, with what it needs to know in its query. */
  page(name: string, query: Record<string, string> = {}): string {
    return `${this.url}/${name}?${new URLSearchParams(query).toString()}`;
  }

  /** Ends it. */
  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? "/", this.url).pathname);
    const handler = this.#routes.get(path);
    if (handler) {
      await handler(request, response);
      return;
    }
    const [prefix = "/", folder = ""] = Object.entries(this.#folders).find(([start]) => path.startsWith(start)) ?? [];
    const file = join(ROOT, folder, normalize(path.slice(prefix.length)));
    const isFile = await stat(file).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) {
      response.writeHead(404).end();
      return;
    }
    const type = this.types[extname(file)] ?? TYPES[extname(file)] ?? "application/octet-stream";
    // As a CDN does: the script-tag build imports hls.js from beside itself.
    const headers = { "content-type": type, "access-control-allow-origin": "*" };
    response.writeHead(200, { ...headers, ...(extname(file) === ".html" && this.pageHeaders) });
    createReadStream(file).pipe(response);
  }
}
