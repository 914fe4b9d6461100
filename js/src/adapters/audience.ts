import type { TokenSource } from "./token-source.js";

/** What a player has told of itself; `undefined` before it did. */
interface Player {
  isActive?: boolean;
  isNeeded?: boolean;
}

// A page may play one session in several players: what one of them says must not speak for the others.
const audiences = new WeakMap<TokenSource, Set<Player>>();

/** One of the players of a session. Together they tell it that it is watched, or needs tokens, while any of them does. */
export class Viewer {
  readonly #session: TokenSource;
  readonly #player: Player = {};
  readonly #players: Set<Player>;

  constructor(session: TokenSource) {
    this.#session = session;
    this.#players = audiences.get(session) ?? new Set();
    this.#players.add(this.#player);
    audiences.set(session, this.#players);
  }

  /** Says whether somebody watches this player. */
  setActive(isActive: boolean): void {
    if (!this.#players.has(this.#player)) return;
    this.#player.isActive = isActive;
    this.#tellActive();
  }

  /** Says whether a request of what is left of this player's film can need a token. */
  setNeeded(isNeeded: boolean): void {
    if (!this.#players.has(this.#player) || this.#player.isNeeded === isNeeded) return;
    this.#player.isNeeded = isNeeded;
    this.#tellNeeded();
  }

  /** This player plays the session no more. */
  leave(): void {
    if (!this.#players.delete(this.#player)) return;
    if (this.#player.isNeeded !== undefined) this.#tellNeeded();
    if (this.#player.isActive !== undefined) this.#tellActive();
  }

  #tellActive(): void {
    this.#session.setActive?.([...this.#players].some(({ isActive }) => isActive));
  }

  #tellNeeded(): void {
    const players = [...this.#players];
    this.#session.setNeeded?.(players.length === 0 || players.some(({ isNeeded }) => isNeeded !== false));
  }
}
