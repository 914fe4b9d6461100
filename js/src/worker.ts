/** The script of the Worker in which the API key lives. */
import { Host } from "./host.js";
import type { FromHost, ToHost } from "./protocol.js";

const port = globalThis as unknown as {
  postMessage(message: FromHost): void;
  onmessage: (event: MessageEvent<ToHost>) => void;
};
const host = new Host((message) => {
  port.postMessage(message);
});
port.onmessage = (event) => {
  host.receive(event.data);
};
port.postMessage({ type: "booted" });
