/** A call that can be given up. */
export interface CallOptions {
  /** Gives the call up: it rejects with `ABORTED`. */
  signal?: AbortSignal | undefined;
}
