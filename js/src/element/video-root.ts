const STYLE = `
  :host { display: inline-block; line-height: 0; }
  video {
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

let sheet: CSSStyleSheet | undefined;

/**
 * The shadow tree that custom-media-element expects, built without markup: its own template goes through `innerHTML`
 * and a `<style>` element, which `require-trusted-types-for` and a strict `style-src` forbid.
 */
export function createVideoRoot(host: HTMLElement): void {
  if (host.shadowRoot) return;
  const root = host.attachShadow({ mode: "open" });
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  root.adoptedStyleSheets = [sheet];
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
