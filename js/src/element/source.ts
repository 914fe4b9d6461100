import type { Client } from "../client/client.js";
import type { Session, SessionEventMap } from "../client/session.js";

/** What an element plays, or is about to. */
export interface Source {
  readonly videoId: string;
  /** `null` where the page has not set one yet. */
  readonly client: Client | null;
  /** A session that the page handed in; it stays the page's. */
  readonly session: Session | null;
}

/** Whether two sources are played by the same session. */
export function isSameSource(one: Source | null, other: Source | null): boolean {
  return one?.client === other?.client && one?.videoId === other?.videoId && one?.session === other?.session;
}

const FORWARDED = ["tokenrefreshing", "tokenrefreshed", "tokenerror"] as const satisfies (keyof SessionEventMap)[];

/** Dispatches a session's token events on an element as well, until the signal is aborted. */
export function forwardEvents(session: Session, element: EventTarget, signal: AbortSignal): void {
  for (const type of FORWARDED) {
    session.addEventListener(
      type,
      ({ detail }) => {
        element.dispatchEvent(new CustomEvent(type, { detail }));
      },
      { signal },
    );
  }
}

/** What is wrong with the attributes of an element, in a sentence that says what to do; `null` where nothing is. */
export function attributeMistake(element: Element): string | null {
  if (element.hasAttribute("api-key")) {
    return (
      `<${element.localName}> takes no API key as an attribute: everybody who sees the page's source would have it. ` +
      "Create a client with createClient({ apiKey }) or, better, createClient({ getToken }), and set the element's `client` property"
    );
  }
  const refresh = element.getAttribute("refresh");
  if (refresh !== null && refresh !== "eager" && refresh !== "on-demand") {
    return `refresh="${refresh}" is unknown; expected "eager" or "on-demand"`;
  }
  return null;
}
