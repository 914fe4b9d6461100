/**
 * Knows from the answers to a player's requests whether the rest of its film can need a token (rule 10 of
 * ARCHITECTURE.md): while no media playlist is loaded, one is live, or one names a key that is not loaded. What is not
 * known counts as needed.
 */
export class PlaylistNeeds {
  readonly #live = new Set<string>();
  readonly #missing = new Set<string>();
  readonly #keys = new Set<string>();
  #hasPlaylist = false;

  /** Whether a request of the rest of the film can need a token. */
  get isNeeded(): boolean {
    return !this.#hasPlaylist || this.#live.size > 0 || this.#missing.size > 0;
  }

  /** Another film begins. */
  reset(): void {
    this.#live.clear();
    this.#missing.clear();
    this.#keys.clear();
    this.#hasPlaylist = false;
  }

  /**
   * A playlist has come.
   *
   * @param url - The address that the player asked for.
   * @param base - The address from which the playlist's own addresses count.
   */
  playlistLoaded(url: string, base: string, text: string): void {
    // A multivariant playlist has no segments, and what it names is asked for when it is chosen.
    if (!/^#EXT-X-TARGETDURATION:/m.test(text)) return;
    this.#hasPlaylist = true;
    if (/^#EXT-X-ENDLIST/m.test(text)) this.#live.delete(url);
    else this.#live.add(url);
    for (const [, key = ""] of text.matchAll(/^#EXT-X-KEY:(?!METHOD=NONE).*?\bURI="([^"]*)"/gm)) {
      const address = absolute(key, base);
      if (!this.#keys.has(address)) this.#missing.add(address);
    }
  }

  /** An answer has come that is no playlist; it may be a key. */
  otherLoaded(url: string): void {
    if (this.#missing.delete(absolute(url))) this.#keys.add(absolute(url));
  }
}

function absolute(url: string, base = document.baseURI): string {
  try {
    return new URL(url, base).href;
  } catch {
    return url;
  }
}
