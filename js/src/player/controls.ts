/** The controls of `<ansdev-player>`, by Media Chrome; loaded when the first player is in a document. */
import "media-chrome";
import "media-chrome/dist/menu/index.js";

import type { AnsdevVideoElement } from "../element/video-element.js";
import { createElement } from "../platform/page.js";
import { handOn, OF_CONTROLS } from "./attributes.js";
import { speak, speakOnlyItsOwn } from "./language.js";
import { tellSystem } from "./media-session.js";

export { learn } from "./language.js";

const COMMON = { part: "button" };
const MENU = { hidden: "", anchor: "auto" };

/**
 * The controls around the media element of a player, in a language that was learned.
 *
 * @throws Where the page's policy forbids their styles: without them they would lie about, and be no use.
 */
export function createControls(player: HTMLElement, media: AnsdevVideoElement, language: string): HTMLElement {
  if (!mayStyle(player)) throw new Error("the page's `style-src` forbids the controls' styles ('unsafe-inline')");
  speak(language);
  const controller = element("media-controller", { part: "controller", lang: language });
  speakOnlyItsOwn(controller);
  media.slot = "media";
  // Thumbnails count from the address of their <track>, which Media Chrome looks for in the media element.
  Object.assign(media, { querySelector: (selectors: string) => player.querySelector(selectors) });
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
  offerAirPlay(controller, media);
  tellSystem(media);
  return controller;
}

/** Whether markup and style elements count here; Media Chrome is made of such. */
function mayStyle(player: HTMLElement): boolean {
  const style = createElement("style");
  // Under Trusted Types this throws, as it would in the constructors of the controls, of which nobody hears.
  style.innerHTML = ":root{}";
  player.ownerDocument.documentElement.append(style);
  const isTaken = style.sheet !== null;
  style.remove();
  return isTaken;
}

/** Gives them what the player's attributes say. */
export function dress(player: Element, controls: HTMLElement, language: string): void {
  for (const name of OF_CONTROLS) handOn(player, controls, name);
  const forbidden = KEYS.filter(([attribute]) => player.matches(attribute)).map(([, key]) => key);
  if (forbidden.length > 0)
    controls.setAttribute("hotkeys", [controls.getAttribute("hotkeys"), ...forbidden].join(" "));
  controls.lang = language;
  const poster = controls.querySelector("media-poster-image");
  poster?.toggleAttribute("hidden", !player.hasAttribute("poster"));
  if (poster && player.hasAttribute("poster")) poster.setAttribute("src", player.getAttribute("poster") ?? "");
}

/** Players without a button, and what Media Chrome calls the key that would do the same. */
const KEYS = [
  ['[controlslist~="nofullscreen"]', "nof"],
  ["[disablepictureinpicture]", "nop"],
] as const;

/**
 * AirPlay's button, where the browser plays HLS by itself. A receiver is handed the film's address, and nothing of what
 * hls.js does: not the keys of an encrypted film.
 */
function offerAirPlay(controller: Element, media: AnsdevVideoElement): void {
  const look = (): void => {
    controller
      .querySelector("media-airplay-button")
      ?.toggleAttribute("hidden", media.readyState === 0 || media.hls !== null);
  };
  for (const type of ["loadedmetadata", "emptied"]) media.addEventListener(type, look);
  look();
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
