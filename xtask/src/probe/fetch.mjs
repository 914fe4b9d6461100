// Sends the requests that come as lines of JSON, one after another, and writes their answers as lines of JSON.
import { createInterface } from "node:readline";

/** Milliseconds for an answer. */
const PATIENCE = 15_000;
/** Bytes of a body; playlists of long films have a few hundred thousand. */
const LARGEST = 8 << 20;

async function bytesOf(response) {
  const chunks = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    if ((size += chunk.length) > LARGEST) throw new Error(`a body of more than ${LARGEST} bytes`);
  }
  return Buffer.concat(chunks);
}

async function answerTo({ url, ...init }) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE) });
    const body = (await bytesOf(response)).toString("base64");
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (error) {
    return { failed: String(error.cause?.message || error.message) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answerTo(JSON.parse(line)))}\n`);
}
