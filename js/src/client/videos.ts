import { aborted, AnsdevError, invalid, isAnsdevError, localDetail } from "../protocol/errors.js";
import type { Video, VideoPage } from "../protocol/models.js";
import { typeName } from "./options.js";
import type { CallOptions } from "./call-options.js";
import type { Remote } from "./remote.js";
import { delay } from "../platform/delay.js";

/** Which page of the list of videos. */
export interface ListOptions extends CallOptions {
  /** Videos on a page, 1 to 100. Default: 20. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. Default: the first page. */
  cursor?: string | undefined;
}

/** A page to come; and, by `for await`, every video from there to the last page. */
export type VideoList = Promise<VideoPage> & AsyncIterable<Video>;

/** How to wait for a video. */
export interface WaitOptions extends CallOptions {
  /** Called with the video at first, and whenever its status has changed. */
  onStatus?: ((video: Video) => void) | undefined;
}

/** Milliseconds between two looks at a video: at first, and at most. */
const FIRST_PAUSE = 1_000;
const MAX_PAUSE = 10_000;
/** Failed looks in a row that waiting survives. */
const MAX_FAILURES = 5;

/** The videos that the API key may see. Comes from {@link Client.videos}. */
export class Videos {
  readonly #remote: Remote;

  /** @internal */
  constructor(remote: Remote) {
    this.#remote = remote;
  }

  /**
   * Lists videos: `await` gives one page, `for await` every video, page by page.
   *
   * Rejects with an {@link AnsdevError}; `INVALID_OPTIONS` for a `limit` that is not 1 to 100.
   *
   * @example
   * ```ts
   * const { videos, nextCursor } = await client.videos.list({ limit: 10 });
   * for await (const video of client.videos.list()) console.log(video.title);
   * ```
   */
  list(options: ListOptions = {}): VideoList {
    const { signal } = options;
    const page = async ({ limit, cursor }: ListOptions): Promise<VideoPage> => {
      if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 100)) {
        throw invalid("`limit` is out of range; expected a whole number from 1 to 100");
      }
      if (cursor !== undefined && typeof cursor !== "string") {
        throw invalid(`\`cursor\` is of the type ${typeName(cursor)}; expected the \`nextCursor\` of a page`);
      }
      return this.#remote.call("listVideos", [limit, cursor], { signal });
    };
    const first = page(options);
    return Object.assign(first, {
      async *[Symbol.asyncIterator](): AsyncGenerator<Video, void, undefined> {
        for (let current = await first; ;) {
          yield* current.videos;
          // The API may leave it out.
          if (current.nextCursor == null) return;
          current = await page({ ...options, cursor: current.nextCursor });
        }
      },
    });
  }

  /**
   * One video, as the API sends it.
   *
   * Rejects with an {@link AnsdevError}, such as `VIDEO_NOT_FOUND`.
   */
  async get(id: string, options?: CallOptions): Promise<Video> {
    checkVideoId(id);
    return this.#remote.call("getVideo", [id], options);
  }

  /**
   * Looks at a video, at first every second and later every ten, until it can be played.
   *
   * Rejects with an {@link AnsdevError}: `VIDEO_NOT_READY` when its making has failed, which is final; `ABORTED` when
   * the signal is aborted; and what `get` rejects with, where that is permanent or happens five times in a row.
   */
  async waitUntilReady(id: string, { signal, onStatus }: WaitOptions = {}): Promise<Video> {
    let status: string | undefined;
    let failures = 0;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, MAX_PAUSE)) {
      const video = await this.get(id, { signal }).catch((error: unknown) => {
        if (isAnsdevError(error) && error.retryable && ++failures < MAX_FAILURES) return undefined;
        throw error;
      });
      if (video !== undefined) {
        failures = 0;
        if (video.status !== status) {
          status = video.status;
          onStatus?.(video);
        }
        if (status === "COMPLETED") return video;
        if (status === "FAILED") {
          throw new AnsdevError(
            localDetail("VIDEO_NOT_READY", "The making of the video has failed; it will never be playable", id),
          );
        }
      }
      await delay(pause, signal);
      if (signal?.aborted) throw aborted(signal);
    }
  }
}

/** A first look at an id; the core knows the rest of the rules. */
export function checkVideoId(id: unknown): void {
  if (typeof id !== "string") {
    throw invalid(`The video id is of the type ${typeName(id)}; expected a string, such as vid_8fk2m9`);
  }
}
