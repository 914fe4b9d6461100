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

/** Gives a shadow tree a style of its own: by a sheet, about which Trusted Types and a strict `style-src` say nothing. */
export function adoptStyle(root: ShadowRoot, css: string): void {
  try {
    // A document takes no style sheet of another's.
    const sheet = new (viewOf(root.ownerDocument) ?? window).CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // There are none in some environments for tests, which show nothing.
  }
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
