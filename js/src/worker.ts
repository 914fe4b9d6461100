/** The script of the Worker in which the API key lives. */
import { Host } from "./host.js";
import type { FromHost, ToHost } from "./protocol.js";

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<ToHost>) => void };
/** Where answers go; nothing is listened for there. */
let page: MessagePort | undefined;
const host = new Host((message: FromHost) => page?.postMessage(message));
scope.onmessage = ({ data }) => {
  if (data.type !== "connect") {
    host.receive(data);
  } else if (page === undefined) {
    page = data.port;
    page.postMessage({ type: "booted" } satisfies FromHost);
  }
};
