import { createElement, viewOf } from "../platform/page.js";

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

const sheets = new WeakMap<Document, CSSStyleSheet>();

/**
 * The shadow tree that custom-media-element expects, built without markup: its own template goes through `innerHTML`
 * and a `<style>` element, which `require-trusted-types-for` and a strict `style-src` forbid.
 */
export function createVideoRoot(host: HTMLElement): void {
  if (host.shadowRoot) return;
  const root = host.attachShadow({ mode: "open" });
  adoptStyle(root);
  const media = createElement("slot");
  media.name = "media";
  const video = createElement("video");
  video.setAttribute("part", "video");
  for (const { name, value } of host.attributes) {
    if (FORWARDED.has(name)) video.setAttribute(name, value);
  }
  holdPlace(host, video);
  media.append(video);
  root.append(media, createElement("slot"));
}

/** Gives the tree its style, also after a move into another document, whose style sheets must be its own. */
export function adoptStyle(root: ShadowRoot): void {
  const { ownerDocument } = root;
  let sheet = sheets.get(ownerDocument);
  if (sheet === undefined) {
    sheet = new (viewOf(ownerDocument) ?? window).CSSStyleSheet();
    sheet.replaceSync(STYLE);
    sheets.set(ownerDocument, sheet);
  }
  root.adoptedStyleSheets = [sheet];
}

/** Pixels: how wide a video without a size is before its own is known (CSS 2.2, section 10.3.2). */
const DEFAULT_WIDTH = "300";

/** Has the video hold its place: by `width` and `height`, else in 16:9 until it knows its own shape. */
export function holdPlace(host: Element, video: HTMLVideoElement): void {
  const [width, height] = [host.getAttribute("width"), host.getAttribute("height")];
  const isUnknown = width === null && height === null && video.readyState === 0;
  setOrRemove(video, "width", isUnknown ? DEFAULT_WIDTH : width);
  setOrRemove(video, "height", height);
}

function setOrRemove(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** The attributes of `<video>` that the host hands on when it is made; later changes are the mixin's to forward. */
const FORWARDED = new Set([
  "autopictureinpicture",
  "disablepictureinpicture",
  "disableremoteplayback",
  "autoplay",
  "controls",
  "controlslist",
  "crossorigin",
  "loop",
  "muted",
  "playsinline",
  "poster",
  "preload",
  "src",
]);
