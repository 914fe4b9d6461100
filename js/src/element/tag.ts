/**
 * What the tags take: the one description of `<ansdev-video>`'s attributes and events. From it come the types for each
 * framework, and `custom-elements.json`.
 */
import type { SessionEventMap } from "../client/session.js";
import type { AnsdevVideoElement } from "./video-element.js";

/** The attributes that both elements have. */
export interface MediaAttributes {
  /** The video to play. */
  "video-id"?: string | undefined;
  /** When tokens are renewed. Default: as the client does. */
  refresh?: "eager" | "on-demand" | undefined;
  /** Starts by itself, where the browser lets it. */
  autoplay?: boolean | undefined;
  /** How the poster and captions of another origin are fetched. */
  crossorigin?: "" | "anonymous" | "use-credentials" | undefined;
  /** Pixels, or with `%`. */
  height?: number | string | undefined;
  /** Begins again at the end. */
  loop?: boolean | undefined;
  /** Without sound at first. */
  muted?: boolean | undefined;
  /** Plays in the page on phones, not in full screen. */
  playsinline?: boolean | undefined;
  /** Address of the picture before the first one. */
  poster?: string | undefined;
  /** How much to load before somebody plays. Default: nothing. */
  preload?: "" | "none" | "metadata" | "auto" | undefined;
  /** Where to begin, in seconds. */
  "start-time"?: number | string | undefined;
  /** Pixels, or with `%`. */
  width?: number | string | undefined;
  /** What the controls leave out: `nodownload`, `nofullscreen`, `noremoteplayback`, with spaces between. */
  controlslist?: string | undefined;
  /** Goes into a window of its own when the page is left, where the browser can. */
  autopictureinpicture?: boolean | undefined;
  /** Takes picture-in-picture away. */
  disablepictureinpicture?: boolean | undefined;
  /** Takes casting away. */
  disableremoteplayback?: boolean | undefined;
}

/** The attributes of `<ansdev-video>`. */
export interface VideoAttributes extends MediaAttributes {
  /** Shows the browser's controls. */
  controls?: boolean | undefined;
}

/** The properties of both elements that are no attributes. */
export type TagProperties = Partial<Pick<AnsdevVideoElement, "client" | "session" | "hlsConfig" | "Hls">>;

/** The events of `<ansdev-video>`; none bubbles. */
export interface VideoEventMap {
  /** Loading was ended. */
  abort: Event;
  /** It can play on from here. */
  canplay: Event;
  /** It can play to the end, as far as the browser knows. */
  canplaythrough: Event;
  /** `duration` has changed. */
  durationchange: Event;
  /** What was loaded is gone. */
  emptied: Event;
  /** The film is over. */
  ended: Event;
  /** It is in a window of its own. */
  enterpictureinpicture: Event;
  /** Something stopped it: `error` says what. */
  error: Event;
  /** It is back from its own window. */
  leavepictureinpicture: Event;
  /** The first picture is there. */
  loadeddata: Event;
  /** Duration and size are known. */
  loadedmetadata: Event;
  /** Loading begins. */
  loadstart: Event;
  /** It is paused. */
  pause: Event;
  /** It is to play. */
  play: Event;
  /** It plays. */
  playing: Event;
  /** More is loaded. */
  progress: Event;
  /** `playbackRate` has changed. */
  ratechange: Event;
  /** The size of the picture has changed. */
  resize: Event;
  /** It is at its new place. */
  seeked: Event;
  /** It goes to another place. */
  seeking: Event;
  /** Data is awaited and does not come. */
  stalled: Event;
  /** Nothing is loaded for now. */
  suspend: Event;
  /** `currentTime` has changed. */
  timeupdate: Event;
  /** A token could not be fetched. */
  tokenerror: SessionEventMap["tokenerror"];
  /** A token arrived. */
  tokenrefreshed: SessionEventMap["tokenrefreshed"];
  /** A token is being fetched. */
  tokenrefreshing: SessionEventMap["tokenrefreshing"];
  /** `volume` or `muted` has changed. */
  volumechange: Event;
  /** It waits for data. */
  waiting: Event;
}

/** Attributes that are there or not: `"false"` would be there. */
export type FlagOf<Attributes> = {
  [Name in keyof Attributes]-?: boolean extends Attributes[Name] ? Name : never;
}[keyof Attributes];

/** Those of `<ansdev-video>`. */
export const VIDEO_FLAGS = [
  "autopictureinpicture",
  "autoplay",
  "controls",
  "disablepictureinpicture",
  "disableremoteplayback",
  "loop",
  "muted",
  "playsinline",
] as const satisfies readonly FlagOf<VideoAttributes>[];
