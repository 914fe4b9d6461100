/** Where an attacker's spoils arrive: servers that hear what they are sent, and a core of his. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as forward, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { root } from "../../../../js/scripts/bundle.mjs";
import { Secret } from "../../pages/attack/secret.js";

/** The bytes of an attacker's build of the core: it asks for tokens elsewhere, by which it is known. */
export async function hostileCore(): Promise<number[]> {
  const bytes = await readFile(join(root, "dist/ansdev-player.wasm"));
  const honest = Buffer.from("v1/video");
  let at = bytes.indexOf(honest);
  if (at < 0) throw new Error("The core does not name the path of its requests");
  for (; at >= 0; at = bytes.indexOf(honest, at)) bytes.write("v1/viper", at);
  return [...bytes];
}

/** A server that hears what it is sent. Each realm has a path of its own there: `/run/<number>/`. */
export class Ear {
  /** The key where it has no business. */
  readonly heard: { run: string; what: string }[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param backend - Where to pass the requests on that are as they should be; nobody's without. */
  static async start(apiKey: string, backend?: string): Promise<Ear> {
    const secret = new Secret(apiKey);
    const server = createServer((request, response) => {
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("access-control-allow-headers", "*, x-ansdev-key, content-type");
      response.setHeader("access-control-allow-methods", "*");
      const [, run = "", path = ""] = /^\/run\/(\d+)(\/.*)$/.exec(request.url ?? "") ?? [];
      const isWithKey = secret.isInText([request.url, ...request.rawHeaders].join("\n"));
      const isAsItShouldBe =
        request.headers["x-ansdev-key"] === apiKey && path === "/v1/video/vid_clear/playback-token";
      if (isWithKey && !(backend !== undefined && isAsItShouldBe)) {
        ear.heard.push({ run, what: `the key was sent in ${request.method ?? ""} ${path}` });
      }
      if (backend === undefined || request.method === "OPTIONS") {
        response.writeHead(backend === undefined ? 200 : 204).end();
        return;
      }
      const onward = forward(backend + path, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, "access-control-allow-origin": "*" });
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
    });
    const ear = new Ear(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return ear;
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
