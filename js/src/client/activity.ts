import { isShown, listenUntil, viewOf } from "../platform/page.js";

/** What the client is told of the page around it. */
export interface ActivityListener {
  /** The document became visible, or was hidden. */
  onVisibility(visible: boolean): void;
  /** Time may have passed unnoticed: the page was frozen, in the back/forward cache, or the laptop asleep. */
  onWake(): void;
  /** The connection came back, or went. */
  onOnline(online: boolean): void;
}

/** Whether somebody could be watching the document. */
export function isVisible(): boolean {
  return isShown(document);
}

/** Watches the page's life cycle (HTML, section 6.6; Page Lifecycle) until the signal is aborted. */
export function watchActivity(listener: ActivityListener, signal: AbortSignal): void {
  const on = (target: EventTarget, type: string, then: () => void): void => {
    listenUntil(signal, target, type, then);
  };
  const wake = (): void => {
    // A frozen page was not told that the network came back.
    if (navigator.onLine) listener.onOnline(true);
    listener.onWake();
  };
  // Not the global object, which in environments for tests is another than the document's window.
  const view = viewOf(document) ?? window;
  on(document, "visibilitychange", () => {
    if (isVisible()) wake();
    listener.onVisibility(isVisible());
  });
  on(document, "resume", wake);
  on(view, "pageshow", wake);
  // Only when it changes: a browser without a network card calls itself offline, and reaches loopback all the same.
  on(view, "online", () => {
    listener.onOnline(true);
  });
  on(view, "offline", () => {
    listener.onOnline(false);
  });
}
