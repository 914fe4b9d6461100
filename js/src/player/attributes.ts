import type { PlayerAttributes } from "./tag.js";

/** Attributes that are the video's. */
export const OF_VIDEO = [
  "api-key",
  "autopictureinpicture",
  "autoplay",
  "controlslist",
  "crossorigin",
  "disablepictureinpicture",
  "disableremoteplayback",
  "loop",
  "muted",
  "playsinline",
  "preload",
  "refresh",
  "start-time",
  "video-id",
] as const satisfies readonly (keyof PlayerAttributes | "api-key")[];

/** Attributes that Media Chrome's controller knows. */
export const OF_CONTROLS = [
  "autohide",
  "defaultduration",
  "defaultsubtitles",
  "gesturesdisabled",
  "hotkeys",
  "keyboardbackwardseekoffset",
  "keyboarddownvolumestep",
  "keyboardforwardseekoffset",
  "keyboardupvolumestep",
  "noautohide",
  "nohotkeys",
  "nomutedpref",
  "nosubtitleslangpref",
  "novolumepref",
] as const satisfies readonly (keyof PlayerAttributes)[];

/** Has an element have an attribute as another has it. */
export function handOn(from: Element, to: Element, name: string): void {
  const value = from.getAttribute(name);
  if (value === null) to.removeAttribute(name);
  else if (value !== to.getAttribute(name)) to.setAttribute(name, value);
}
