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
  const media = document.createElement("slot");
  media.name = "media";
  const video = document.createElement("video");
  video.setAttribute("part", "video");
  for (const { name, value } of host.attributes) {
    if (FORWARDED.has(name)) video.setAttribute(name, value);
  }
  media.append(video);
  root.append(media, document.createElement("slot"));
}

/** Gives the tree its style, also after a move into another document, whose style sheets must be its own. */
export function adoptStyle(root: ShadowRoot): void {
  const { ownerDocument } = root;
  let sheet = sheets.get(ownerDocument);
  if (sheet === undefined) {
    sheet = new (ownerDocument.defaultView ?? window).CSSStyleSheet();
    sheet.replaceSync(STYLE);
    sheets.set(ownerDocument, sheet);
  }
  root.adoptedStyleSheets = [sheet];
}

/** Hands `width` and `height`, which hold the video's place, on to the video; they are not among the mixin's. */
export function setSize(video: HTMLVideoElement, name: string, value: string | null): void {
  if (name !== "width" && name !== "height") return;
  if (value === null) video.removeAttribute(name);
  else video.setAttribute(name, value);
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
  "height",
  "loop",
  "muted",
  "playsinline",
  "poster",
  "preload",
  "src",
  "width",
]);
