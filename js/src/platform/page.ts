/**
 * What the SDK asks of a document. An element whose `name` is that of a property or a method of `document` hides it, so
 * their classes are asked as they were when the SDK was loaded.
 */
import { bare, type Constructor, listen, method, ownGlobal, reader } from "./natives.js";

const DocumentClass = ownGlobal("Document") as Constructor<Document> | undefined;
const visibilityStateOf = reader(DocumentClass, "visibilityState");
const prerenderingOf = reader(
  DocumentClass as Constructor<Document & { readonly prerendering?: boolean }> | undefined,
  "prerendering",
);
const readyStateOf = reader(DocumentClass, "readyState");
const defaultViewOf = reader(DocumentClass, "defaultView");
const create: (self: Document, name: string) => HTMLElement = method("nothing", DocumentClass, "createElement");

/** Whether a document is on a screen; one that is being prerendered is not. */
export function isShown(page: Document): boolean {
  return visibilityStateOf(page) === "visible" && prerenderingOf(page) !== true;
}

/** Whether a document has been read to its end. */
export function isRead(page: Document): boolean {
  return readyStateOf(page) !== "loading";
}

/** The window of a document; `null` where it has none. */
export function viewOf(page: Document): (Window & typeof globalThis) | null {
  return defaultViewOf(page);
}

/** A new element of this document. */
export function createElement<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name];
export function createElement(name: string): HTMLElement;
export function createElement(name: string): HTMLElement {
  return create(document, name);
}

/** Listens until a signal is aborted; also to a document. */
export function listenUntil(
  signal: AbortSignal,
  target: EventTarget,
  type: string,
  listener: (event: Event) => void,
): void {
  listen(target, type, listener, bare({ signal }));
}
