// Made from the Rust sources by `cargo xtask build`. Do not edit.
import type { CoreCallbacks, SharedToken } from "./callbacks.js";
import type { OpenedSession, Video, VideoPage } from "./models.js";

/**
 * A client: one key or one token provider, and the sessions opened with it.
 *
 * Nothing that it exports gives the key back; its prefix alone can be read.
 */
export declare class Core {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Another tab says that it has a token for a video, which lives `expires_in` seconds in all and was asked for `age`
     * seconds ago.
     */
    adopt(video_id: string, token: string, expires_in: number, age: number): void;
    /**
     * Takes back a call: it rejects with `ABORTED`. Of one that has been answered only an opened session is closed: the
     * page no longer waits for it.
     */
    cancel(call: number): void;
    /**
     * Closes a session; what it still waits for rejects with `DESTROYED`.
     */
    closeSession(session: number): void;
    /**
     * Wipes the key, and ends every session and call. A second time it does nothing.
     */
    destroy(): void;
    /**
     * A token that is valid now.
     */
    getToken(call: number, session: number): Promise<string>;
    /**
     * One video.
     */
    getVideo(call: number, id: string): Promise<Video>;
    /**
     * A playlist or key request was refused with 401 or 403. `rejected` is the token or the address that was refused;
     * without it the current token is meant.
     */
    invalidate(session: number, rejected?: string | null): void;
    /**
     * One page of the list of videos: `limit` of them, 1 to 100, after `cursor`.
     */
    listVideos(call: number, limit?: number | null, cursor?: string | null): Promise<VideoPage>;
    /**
     * Address of the video's playlist, with a token that is valid now.
     */
    manifestUrl(call: number, session: number): Promise<string>;
    /**
     * `key` is the API key's text in UTF-8, or nothing where `callbacks.provide` gives the tokens. `base_url` must have been
     * normalised by `URL`. With `video_ids` the client is for these videos alone.
     *
     * # Errors
     * An `ErrorDetail` with `INVALID_KEY_FORMAT` or `INVALID_OPTIONS`.
     */
    constructor(key: Uint8Array | null | undefined, base_url: string, on_demand: boolean, share_across_tabs: boolean, video_ids: readonly string[] | undefined, callbacks: CoreCallbacks);
    /**
     * Opens a session for a video; its number is that of the call. Mints nothing: the first token is
     * fetched when something asks for it.
     *
     * # Errors
     * An `ErrorDetail` with `INVALID_OPTIONS` where `video_id` is no id, or `DESTROYED`.
     */
    openSession(call: number, video_id: string): OpenedSession;
    /**
     * Address of the hosted player page, with a token that is valid now.
     */
    playerUrl(call: number, session: number): Promise<string>;
    /**
     * `url` with the current token where it needs one, else unchanged. A relative one counts from the base URL.
     */
    resolve(call: number, session: number, url: string): Promise<string>;
    /**
     * Whether something plays in this session that can be seen or heard.
     */
    setActive(session: number, active: boolean): void;
    /**
     * Whether a request of what is left of this session's film can still need a token. A session that was never told
     * counts as one that can.
     */
    setNeeded(session: number, needed: boolean): void;
    /**
     * Whether the browser has a network.
     */
    setOnline(online: boolean): void;
    /**
     * A video's token as another tab can use it; `undefined` where there is none that is valid.
     */
    shareable(video_id: string): SharedToken | undefined;
    /**
     * The page woke, was seen or was shown again: reads the clocks again.
     */
    wake(): void;
    /**
     * The key's first 12 characters; nothing in provider mode and after `destroy`.
     */
    readonly keyPrefix: string | undefined;
}
