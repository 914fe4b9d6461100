/**
 * The methods of the core that the page may use. Their arguments and results are those of the Rust methods
 * (`core.ts`): a new one is a Rust method, its name here, and its caller.
 */
import type { Core } from "./core.js";

/** Methods that answer. Their first argument is the call's number, by which it can be canceled. */
export const CALLS = [
  "listVideos",
  "getVideo",
  "openSession",
  "getToken",
  "resolve",
  "manifestUrl",
  "playerUrl",
] as const satisfies readonly (keyof Core)[];

/** Methods that are told something and do not answer. */
export const NOTIFICATIONS = [
  "cancel",
  "setActive",
  "setNeeded",
  "invalidate",
  "closeSession",
  "wake",
  "setOnline",
] as const satisfies readonly (keyof Core)[];

export type CallName = (typeof CALLS)[number];
export type NotificationName = (typeof NOTIFICATIONS)[number];

/** The arguments of a call, without its number. */
export type CallArguments<Name extends CallName> = Core[Name] extends (call: number, ...rest: infer Rest) => unknown
  ? Rest
  : never;
export type CallResult<Name extends CallName> = Awaited<ReturnType<Core[Name]>>;
export type NotificationArguments<Name extends NotificationName> = Parameters<Core[Name]>;
