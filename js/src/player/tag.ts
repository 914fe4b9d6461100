/** The one description of `<ansdev-player>`'s attributes and events; see the video's. */
import type { FlagOf, MediaAttributes, VideoEventMap } from "../element/tag.js";

/** The attributes of `<ansdev-player>`. */
export interface PlayerAttributes extends MediaAttributes {
  /** The language of its texts: en, hi, es, fr, de or ja. Default: the nearest `lang` above, else the browser's. */
  lang?: string | undefined;
  /** Seconds after which the controls go; -1: never. */
  autohide?: number | string | undefined;
  /** Seconds that the controls show as the duration while it is not known. */
  defaultduration?: number | string | undefined;
  /** Shows captions from the start, where there are some. */
  defaultsubtitles?: boolean | undefined;
  /** A click or tap on the picture does nothing. */
  gesturesdisabled?: boolean | undefined;
  /** The keys that do nothing, such as `nof nom`. */
  hotkeys?: string | undefined;
  /** Seconds that the left arrow goes back. */
  keyboardbackwardseekoffset?: number | string | undefined;
  /** How much the down arrow takes from the volume, of 1. */
  keyboarddownvolumestep?: number | string | undefined;
  /** Seconds that the right arrow goes on. */
  keyboardforwardseekoffset?: number | string | undefined;
  /** How much the up arrow adds to the volume, of 1. */
  keyboardupvolumestep?: number | string | undefined;
  /** The controls stay. */
  noautohide?: boolean | undefined;
  /** No key does anything. */
  nohotkeys?: boolean | undefined;
  /** Does not remember whether it was muted. */
  nomutedpref?: boolean | undefined;
  /** Does not remember the language of captions. */
  nosubtitleslangpref?: boolean | undefined;
  /** Does not remember the volume. */
  novolumepref?: boolean | undefined;
}

/** The events of `<ansdev-player>`, which are the video's; none bubbles. Others are on `media`. */
export type PlayerEventMap = Pick<VideoEventMap, PlayerEvent>;

/** Events of the video that the player dispatches as well. */
export const PLAYER_EVENTS = [
  "durationchange",
  "ended",
  "error",
  "loadedmetadata",
  "pause",
  "play",
  "playing",
  "timeupdate",
  "tokenerror",
  "tokenrefreshed",
  "tokenrefreshing",
  "volumechange",
] as const satisfies readonly (keyof VideoEventMap)[];
/** One of them. */
export type PlayerEvent = (typeof PLAYER_EVENTS)[number];

/** The attributes of `<ansdev-player>` that are there or not. */
export const PLAYER_FLAGS = [
  "autopictureinpicture",
  "autoplay",
  "defaultsubtitles",
  "disablepictureinpicture",
  "disableremoteplayback",
  "gesturesdisabled",
  "loop",
  "muted",
  "noautohide",
  "nohotkeys",
  "nomutedpref",
  "nosubtitleslangpref",
  "novolumepref",
  "playsinline",
] as const satisfies readonly FlagOf<PlayerAttributes>[];
