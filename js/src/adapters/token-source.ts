/** What a player needs of a session. A `Session` has it, and so has anything else of this shape. */
export interface TokenSource {
  /** The URL with a token in it where it needs one, else unchanged. */
  resolve(url: string): Promise<string>;
  /** The server refused this URL's token. */
  invalidate(rejected?: string): void;
  /** Whether somebody watches. */
  setActive?(active: boolean): void;
  /** Whether a request of what is left of the film can still need a token. */
  setNeeded?(needed: boolean): void;
}

/** Whether an HTTP status says that a token was refused. */
export function isRefusal(status: number | undefined): boolean {
  return status === 401 || status === 403;
}
