import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { AuthorizeRequest, TokenEndpointEvent, TokenEndpointOptions } from "@ansdev/player/server";

import { test as base } from "../../browser/support/test.ts";
import { createTokenEndpoint, nodeHandler } from "./built.ts";

export { expect } from "@playwright/test";

type Authorize = TokenEndpointOptions["authorize"];

interface Fixtures {
  /** Serves by `node:http` on any free port. */
  serve: (listener: RequestListener) => Promise<string>;
  /** What the endpoints of `endpoint` told. */
  events: TokenEndpointEvent[];
  /** Serves an endpoint over the mock by `nodeHandler`, under `/tokens/{videoId}`; gives back its address. */
  endpoint: (authorize: Authorize) => Promise<string>;
}

/** The video's id out of a path such as `/tokens/vid_8fk2m9`. */
export function lastSegment({ url = "" }: { url?: string | undefined }): string {
  return decodeURIComponent(url.split("/").at(-1) ?? "");
}

/** `test` with servers in this process: their `authorize` is a function of the test. */
export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  serve: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (listener) => {
      const server = createServer(listener).listen(0, "127.0.0.1");
      servers.push(server);
      await once(server, "listening");
      return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    });
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  },
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  events: async ({}, use) => {
    await use([]);
  },
  endpoint: async ({ mock, serve, events }, use) => {
    await use((authorize) => {
      const onEvent = (event: TokenEndpointEvent): void => void events.push(event);
      const endpoint = createTokenEndpoint({ apiKey: mock.apiKey, baseUrl: mock.url, authorize, onEvent });
      return serve(nodeHandler(endpoint, lastSegment));
    });
  },
});

/** Says yes, and remembers what it was asked. */
export function yes(): { asked: AuthorizeRequest[]; authorize: Authorize } {
  const asked: AuthorizeRequest[] = [];
  const authorize: Authorize = (request) => {
    asked.push(request);
    return true;
  };
  return { asked, authorize };
}
