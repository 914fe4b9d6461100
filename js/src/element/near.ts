import { viewOf } from "../platform/page.js";

/** How far outside the viewport an element still counts as near it: one screen up and down. */
const MARGIN = "100% 0px";

/**
 * Calls back once, when an element is near the viewport of its document. Without an observer, and without a box, it
 * counts as near.
 */
export function whenNear(element: Element, signal: AbortSignal, then: () => void): void {
  const Observer = viewOf(element.ownerDocument)?.IntersectionObserver;
  if (Observer === undefined) {
    then();
    return;
  }
  const observer = new Observer(
    (entries) => {
      if (
        !entries.some(
          ({ isIntersecting, boundingClientRect: { width, height } }) => isIntersecting || !width || !height,
        )
      )
        return;
      observer.disconnect();
      then();
    },
    { rootMargin: MARGIN },
  );
  observer.observe(element);
  signal.addEventListener("abort", () => {
    observer.disconnect();
  });
}
