/* The scripts of pages/, as tests import them inside the browser. */

declare module "film" {
  import type { Client } from "@ansdev/player";
  import type { AnsdevVideoElement } from "@ansdev/player/element";

  export interface PlainError {
    name: string;
    code: string | number;
    message: string;
    retryable?: boolean;
    fatal?: boolean;
    status?: number | null;
    retryAfter?: number | null;
    videoId?: string | null;
    cause: PlainError | null;
  }

  export interface FilmEvent {
    type: string;
    at: number;
    error: PlainError | null;
    willRetry?: boolean;
  }

  export interface Film {
    element: AnsdevVideoElement;
    events: FilmEvent[];
    longestGap: () => number;
    gaps: () => import("watch").Gap[];
    until: (...types: string[]) => Promise<string>;
  }

  export function film(client: Client | null, videoId: string | null, hlsConfig?: object): Film;
  export function plain(error: unknown): PlainError | null;
  export function rejection(promise: Promise<unknown>): Promise<PlainError | null>;
}

declare module "viewer" {
  import type { Session } from "@ansdev/player";

  export interface Viewer {
    session: Session;
    /** HTTP statuses of what was asked for. */
    statuses: number[];
    /** Codes of the errors in place of a token. */
    errors: string[];
    /** Asks for the film's next key. */
    next: () => Promise<void>;
    play: () => void;
    pause: () => void;
  }

  export function view(session: Session): Promise<Viewer>;
}

declare module "players" {
  import type { TokenSource } from "@ansdev/player/hls";

  export interface Playing {
    video: HTMLVideoElement;
    /** The player itself. */
    player: { destroy?: () => unknown; dispose?: () => void };
    /** Ends what `attachSession` began. */
    detach: () => void;
    load: (url: string) => Promise<unknown>;
    /** `null` at the film's end, or the error that stopped it. */
    ended: Promise<Error | null>;
  }

  export function play(name: "hls" | "shaka" | "videojs", source: TokenSource, url: string): Promise<Playing>;
}

declare module "watch" {
  /** A time without a new picture, or in which the film did not get on; in Unix milliseconds. */
  export interface Gap {
    from: number;
    to: number;
  }

  export function watch(video: HTMLVideoElement): { longestGap: () => number; gaps: () => Gap[] };
  export function watchClock(video: HTMLVideoElement): { standstills: () => Gap[] };
}

/** What a test has put into the page's `window`, to come back to. */
declare const shown: import("film").Film;
declare const playing: import("players").Playing;
/** What `start` of support/view.ts has begun to play. */
declare const watching: {
  video: HTMLVideoElement;
  /** A player of the page's own. */
  player?: import("players").Playing["player"];
  session: () => import("@ansdev/player").Session | null;
  ended: Promise<Error | null>;
  longestGap: () => number;
};
declare const viewer: import("viewer").Viewer;
declare const clock: ReturnType<typeof import("watch").watchClock>;

interface Window {
  Ansdev: typeof import("@ansdev/player") & Pick<typeof import("@ansdev/player/hls"), "attachSession" | "hlsConfig">;
  /** What pages/strict.js was warned of. */
  warnings: string[];
}
