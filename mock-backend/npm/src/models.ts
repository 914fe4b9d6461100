// Made from the Rust sources: `WRITE_MODELS=1 cargo test -p ansdev-mock-backend --features typescript models`.
// Do not edit.

/**
 * One video.
 *
 * Fields that this version does not know are left alone: the SDK hands on the object that the API sent.
 */
export type Video = { 
/**
 * The public id, `vid_…`.
 */
id: string, 
/**
 * What people call it.
 */
title: string, 
/**
 * How far its making has come. Only a `COMPLETED` video plays.
 */
status: VideoStatus, 
/**
 * The highest rendition, such as `1080p`; `null` before it is known.
 */
quality: string | null, 
/**
 * Length in seconds; `null` before it is known.
 */
durationSeconds: number | null, 
/**
 * Whether its segments are encrypted with AES-128.
 */
encrypted: boolean, 
/**
 * When it was created, as RFC 3339 text.
 */
createdAt: string, };

/** How far the making of a video is. */
export type VideoStatus = string;

/**
 * The routes a fault is for.
 */
export type FaultRoute = "list" | "get" | "mint" | "manifest" | "key" | "segment" | "*";

/**
 * What goes wrong.
 */
export type FaultKind = "latency" | "status" | "drop" | "truncate" | "garbage";

/**
 * Something that goes wrong, on purpose, for the requests of a route.
 */
export type Fault = { 
/**
 * For which route.
 */
route: FaultRoute, 
/**
 * What goes wrong.
 */
kind: FaultKind, 
/**
 * Milliseconds for `latency`, at most 600,000; the HTTP status, 400 to 599, for `status`; ignored by the other kinds.
 */
value?: number | null, 
/**
 * How many requests it applies to; `null` means all of them.
 */
times?: number | null, 
/**
 * How likely it applies to a request, from 0 to 1.
 */
probability?: number, 
/**
 * With the same seed it applies to the same requests, counted from when it was set.
 */
seed?: number | null, };

/**
 * A route of the API.
 */
export type Route = "list" | "get" | "mint" | "manifest" | "key" | "segment" | "other";

/**
 * A request and its answer.
 */
export type JournalEntry = { 
/**
 * When it came, in Unix milliseconds by the mock's clock.
 */
at: number, 
/**
 * The HTTP method.
 */
method: string, 
/**
 * The path, with tokens shortened.
 */
path: string, 
/**
 * The query, with tokens shortened; `null` where there is none.
 */
query: string | null, 
/**
 * The route of the API.
 */
route: Route, 
/**
 * The HTTP status; `null` where the connection was closed without an answer.
 */
status: number | null, 
/**
 * The error's code; `null` where it succeeded.
 */
errorCode: string | null, 
/**
 * The first 12 characters of the API key; `null` where none of a key's form was sent.
 */
keyPrefix: string | null, 
/**
 * The `Origin` header.
 */
origin: string | null, };

/**
 * What a key may do.
 */
export type Scope = "video:read" | "vault:read" | "vault:write" | "ai:compute" | "billing:read";

/**
 * The key that a test wants. Unlike the dashboard, the control plane has no limit of ten keys.
 */
export type KeyRequest = { 
/**
 * What its user calls it.
 */
name?: string, 
/**
 * What it may do: `video:read`, where nothing is said.
 */
scopes?: Array<Scope>, 
/**
 * When it stops working, as RFC 3339 text.
 */
expiresAt?: string | null, 
/**
 * Tokens a UTC day; the mock's default, if missing.
 */
quota?: number | null, };

export type CreatedKey = { 
/**
 * The key's text, here and nowhere else.
 */
apiKey: string, 
/**
 * Its first 12 characters.
 */
prefix: string, };
