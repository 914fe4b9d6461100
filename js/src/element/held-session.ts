import type { Session } from "../client/session.js";

/** How many elements play a session that an element opened. A session of the page's is not among them. */
const holders = new WeakMap<Session, number>();

/** Says that an element plays a session; `isOurs` where it opened it, else another may have. */
export function hold(session: Session, isOurs: boolean): void {
  const count = holders.get(session);
  if (isOurs || count !== undefined) holders.set(session, (count ?? 0) + 1);
}

/** Says that an element plays it no more; the last one ends what an element opened. */
export function letGo(session: Session): void {
  const count = holders.get(session);
  if (count === undefined) return;
  holders.set(session, count - 1);
  // When the task is over: the page may hand it to another element in the same breath.
  queueMicrotask(() => {
    if (holders.get(session) === 0) session.destroy();
  });
}
