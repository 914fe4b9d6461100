import { Attributes } from "custom-media-element";

import { adoptStyle, createElement } from "../platform/page.js";
import { sizeStyle } from "./size.js";

const STYLE = `
  :host { display: inline-block; line-height: 0; }
  :host([hidden]) { display: none; }
  video {
    aspect-ratio: auto 16 / 9;
    max-width: 100%;
    max-height: 100%;
    min-width: 100%;
    min-height: 100%;
    object-fit: var(--media-object-fit, contain);
    object-position: var(--media-object-position, 50% 50%);
  }
  video::-webkit-media-text-track-container {
    transform: var(--media-webkit-text-track-transform);
    transition: var(--media-webkit-text-track-transition);
  }
`;

/**
 * The shadow tree that custom-media-element expects, built without markup: its own template goes through `innerHTML`
 * and a `<style>` element, which `require-trusted-types-for` and a strict `style-src` forbid.
 */
export function createVideoRoot(host: HTMLElement): void {
  if (host.shadowRoot) return;
  const root = host.attachShadow({ mode: "open" });
  style(root);
  const media = createElement("slot");
  media.name = "media";
  const video = createElement("video");
  video.setAttribute("part", "video");
  for (const { name, value } of host.attributes) {
    // Later changes are the mixin's to hand on.
    if ((Attributes as readonly string[]).includes(name)) video.setAttribute(name, value);
  }
  holdPlace(host, video);
  media.append(video);
  root.append(media, createElement("slot"));
}

/** Pixels: how wide a video without a size is before its own is known (CSS 2.2, section 10.3.2). */
const DEFAULT_WIDTH = "300";

/** Has the video hold its place: in 16:9 until it knows its own shape, where neither attribute says how large it is. */
export function holdPlace(host: Element, video: HTMLVideoElement): void {
  const isUnknown = !host.hasAttribute("width") && !host.hasAttribute("height") && video.readyState === 0;
  if (isUnknown) video.setAttribute("width", DEFAULT_WIDTH);
  else video.removeAttribute("width");
}

/** Gives the tree its style, also after a move into another document. */
export function style(root: ShadowRoot): void {
  adoptStyle(root, STYLE + sizeStyle(root.host));
}
