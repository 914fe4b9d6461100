import { type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";

/** What came back. */
export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What to ask, and how. */
export interface Question {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** The address that this viewer has: any of 127.0.0.0/8. */
  viewer?: string;
}

/**
 * Sends a request as it is written: no path is tidied, and no header added but `Host` and `Content-Length`, which browsers,
 * and Node's own fetch, do.
 */
export async function ask(url: string, path: string, question: Question = {}): Promise<Answered> {
  const { method = "POST", headers = {}, body, viewer } = question;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, method, headers, ...(viewer !== undefined && { localAddress: viewer }) };
    const asked = request(options, (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      }, reject);
    });
    asked.once("error", reject);
    asked.setHeader("content-length", Buffer.byteLength(body ?? ""));
    asked.end(body);
  });
}

/** Asks for a token, as the page does. */
export async function askForToken(url: string, videoId: string, question: Question = {}): Promise<Answered> {
  const headers = { "content-type": "application/json", ...question.headers };
  return ask(url, `/tokens/${videoId}`, { body: '{"reason":"initial"}', ...question, headers });
}
