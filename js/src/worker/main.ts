/** The script of the Worker in which the API key lives. */
import { Dispatcher } from "./dispatcher.js";
import type { FromDispatcher, ToDispatcher } from "../protocol/messages.js";

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<ToDispatcher>) => void };
/** Where messages to the page go; nothing is listened for there. */
let page: MessagePort | undefined;
const dispatcher = new Dispatcher((message: FromDispatcher) => page?.postMessage(message));
scope.onmessage = ({ data }) => {
  if (data.type !== "connect") {
    dispatcher.receive(data);
  } else if (page === undefined) {
    page = data.port;
    page.postMessage({ type: "booted" } satisfies FromDispatcher);
  }
};
