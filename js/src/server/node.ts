import { invalid } from "../protocol/errors.js";
import { refusal } from "./answers.js";
import { NAME, type TokenEndpoint } from "./endpoint.js";
import { expect } from "./options.js";

/** What is used of Node's `IncomingMessage`, and of Express's request. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  /** The method. */
  readonly method?: string | undefined;
  /** The path and query. */
  readonly url?: string | undefined;
  /** The same before Express took a router's path off it. */
  readonly originalUrl?: string | undefined;
  /** The headers. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What a parser such as `express.json()` has made of the body. */
  readonly body?: unknown;
}

/** What is used of Node's `ServerResponse`, and of Express's response. */
export interface NodeResponse {
  /** The status. */
  statusCode: number;
  /** Whether everything was sent. */
  readonly writableFinished: boolean;
  /** Sets a header. */
  setHeader(name: string, value: string | string[]): unknown;
  /** Sends the body. */
  end(body?: Uint8Array): unknown;
  /** Tells when the connection is done with. */
  on(event: "close", listener: () => void): unknown;
}

/** Bytes of a body that `authorize` may read; `{ reason }` takes twenty. */
const BODY_LIMIT = 65_536;

/**
 * A token endpoint as a handler for `node:http`, Express and what is like them. `authorize` gets the server's own request
 * as `context`, with what other middleware has put there (`context.user`, `context.ip`).
 *
 * What is wrong with the server's own code (an id that is no text, a `videoIdOf` that throws) goes to `next` where there
 * is one, else to the console, and the viewer gets 500.
 *
 * @param endpoint - What `createTokenEndpoint` made.
 * @param videoIdOf - Takes the video's id out of the request.
 * @throws AnsdevError `INVALID_OPTIONS`.
 *
 * @example
 * ```ts
 * app.post("/tokens/:videoId", nodeHandler(endpoint, (request) => request.params.videoId));
 * ```
 */
export function nodeHandler<Incoming extends NodeRequest>(
  endpoint: TokenEndpoint<Incoming>,
  videoIdOf: (request: Incoming) => string,
): (request: Incoming, response: NodeResponse, next?: (error: unknown) => void) => void {
  expect("nodeHandler's first argument", endpoint, "object");
  expect("nodeHandler's second argument", videoIdOf, "function");
  return (request, response, next) => {
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    const fail = (error: unknown) => {
      console.error(NAME, error);
      response.statusCode = 500;
      response.end();
    };
    const answer = async () => {
      const asked = webRequest(request, gone.signal);
      const answered = asked && (await endpoint.handle(asked, videoIdOf(request), request));
      await send(answered ?? refusal(400, "BAD_REQUEST").response, response);
    };
    answer().catch(next ?? fail);
  };
}

/** `undefined` where its address or a header is none that the platform takes. */
function webRequest(incoming: NodeRequest, signal: AbortSignal): Request | undefined {
  const { headers: given, originalUrl, url = "/" } = incoming;
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(given)) {
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    // Put together, not resolved: a path that starts with two slashes would be another host.
    const host = headers.get("host") ?? "localhost";
    if (/[/?#\\]/.test(host)) return undefined;
    const address = new URL(`http://${host}${originalUrl ?? url}`);
    // Other methods are refused for what they are; for the platform some may not be at all.
    if (incoming.method !== "POST") return new Request(address, { headers, signal });
    // Servers' `Request` takes chunks, and wants to be told that they are still coming; browsers' types know neither.
    const init: object = { method: "POST", headers, signal, body: bodyOf(incoming), duplex: "half" };
    return new Request(address, init);
  } catch {
    return undefined;
  }
}

function bodyOf(incoming: NodeRequest): unknown {
  const { body } = incoming;
  if (body === undefined) return chunksOf(incoming);
  // express.json() has read it: there is nothing left to come.
  return typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
}

/** Begins when somebody reads. */
async function* chunksOf(incoming: NodeRequest): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length > BODY_LIMIT) throw invalid("The request's body is too long");
    yield chunk;
  }
}

async function send(answer: Response, response: NodeResponse): Promise<void> {
  const body = new Uint8Array(await answer.arrayBuffer());
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    // There may be several, and each is a header of its own.
    response.setHeader(name, name === "set-cookie" ? answer.headers.getSetCookie() : value);
  }
  response.end(body);
}
