// A `Request` in, a `Response` out.
import type { Core } from "./core.js";

/** Answers that have no body, whatever they are built with. */
const WITHOUT_BODY = [101, 204, 205, 304];

/** Asks as a client over a socket would. */
export async function askCore(core: Core, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const body = new Uint8Array(await request.arrayBuffer());
  const headers = ["host", url.host];
  for (const [name, value] of request.headers) if (name !== "host") headers.push(name, value);
  // As a client does for methods that usually have a body.
  const hasLength = body.length > 0 || ["POST", "PUT", "PATCH"].includes(request.method);
  if (hasLength && !request.headers.has("content-length")) headers.push("content-length", String(body.length));

  request.signal.throwIfAborted();
  const exchange = core.request(request.method, url.pathname + url.search, headers);
  const aborted = new Promise<never>((_, reject) => {
    request.signal.addEventListener("abort", () => {
      exchange.cancel();
      reject(request.signal.reason as Error);
    });
  });
  if (body.length > 0) exchange.chunk(body);
  exchange.end(true);
  const answer = await Promise.race([exchange.answer, aborted]);
  if (answer.ending === "dropped") throw new TypeError("The connection was closed without an answer");

  const hasBody = request.method !== "HEAD" && !WITHOUT_BODY.includes(answer.status);
  const response = new Response(hasBody ? stream(answer.body, answer.ending === "cut") : null, {
    status: answer.status,
  });
  response.headers.delete("content-type");
  for (let at = 0; at + 1 < answer.headers.length; at += 2) {
    response.headers.append(answer.headers[at] ?? "", answer.headers[at + 1] ?? "");
  }
  return response;
}

function stream(bytes: Uint8Array, isCut: boolean): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      if (isCut) {
        bytes = new Uint8Array();
        // What was sent is read first.
        queueMicrotask(() => {
          controller.error(new TypeError("The connection was closed in the middle of the answer"));
        });
      } else {
        controller.close();
      }
    },
  });
}
