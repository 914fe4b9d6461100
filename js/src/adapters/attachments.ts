import { invalid } from "../protocol/errors.js";
import type { TokenSource } from "./token-source.js";

interface Attachment {
  session: TokenSource;
  detach: () => void;
}

const attachments = new WeakMap<object, Attachment>();

/**
 * What detaches a player's session, where it is attached already: attaching it twice is attaching it once.
 *
 * @throws `AnsdevError` `INVALID_OPTIONS` where the player plays another session.
 */
export function attached(player: object, session: TokenSource): (() => void) | undefined {
  const known = attachments.get(player);
  if (known && known.session !== session) throw playsAnother();
  return known?.detach;
}

/** Remembers what detaches a player's session. */
export function remember(player: object, session: TokenSource, detach: () => void): () => void {
  attachments.set(player, { session, detach });
  return detach;
}

/** Forgets an attachment that has ended; a later one of the same player stays. */
export function forget(player: object, detach: () => void): void {
  if (attachments.get(player)?.detach === detach) attachments.delete(player);
}

export function playsAnother(): Error {
  return invalid("This player plays another session; detach that one first, or create another player");
}
