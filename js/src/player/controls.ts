/** The controls of `<ansdev-player>`, by Media Chrome; loaded when the first player is in a document. */
import "media-chrome";
import "media-chrome/menu";

import { createElement } from "../platform/page.js";

export { speak } from "./language.js";

const COMMON = { part: "button" };
const MENU = { hidden: "", anchor: "auto" };

/** The controls around a media element. */
export function createControls(media: HTMLElement): HTMLElement {
  const controller = element("media-controller", { part: "controller" });
  media.slot = "media";
  controller.append(
    media,
    element("media-poster-image", { slot: "poster", part: "poster" }),
    element("media-loading-indicator", { slot: "centered-chrome", noautohide: "", part: "loading" }),
    element("media-captions-menu", { ...MENU, part: "menu captions-menu" }),
    element("media-rendition-menu", { ...MENU, part: "menu quality-menu" }),
    element("media-playback-rate-menu", { ...MENU, part: "menu rate-menu", rates: "0.5 0.75 1 1.25 1.5 2" }),
    element("media-time-range", { part: "time-range" }),
    bar(),
  );
  return controller;
}

/** Gives them their poster and language. */
export function dress(controls: HTMLElement, poster: string | null, language: string): void {
  controls.lang = language;
  controls.querySelector("media-poster-image")?.toggleAttribute("hidden", poster === null);
  if (poster !== null) controls.querySelector("media-poster-image")?.setAttribute("src", poster);
}

function bar(): HTMLElement {
  const button = (name: string, attributes: Record<string, string> = {}): HTMLElement =>
    element(`media-${name}-button`, { ...COMMON, part: `button ${name}-button`, ...attributes });
  const all = element("media-control-bar", { part: "control-bar" });
  all.append(
    button("play"),
    button("seek-backward", { seekoffset: "10" }),
    button("seek-forward", { seekoffset: "10" }),
    button("mute"),
    element("media-volume-range", { part: "volume-range" }),
    element("media-time-display", { part: "time-display", showduration: "" }),
    element("span", { part: "spacer" }),
    button("captions-menu"),
    button("rendition-menu"),
    button("playback-rate-menu"),
    button("pip"),
    button("airplay"),
    button("fullscreen"),
  );
  return all;
}

function element(name: string, attributes: Record<string, string>): HTMLElement {
  const made = createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
