import { component, type ElementComponent } from "./component.js";
import { VIDEO_FLAGS, type VideoAttributes, type VideoEventMap } from "../element/tag.js";
import { type AnsdevVideoElement, defineVideoElement } from "../element/video-element.js";

/** `<ansdev-video>` as a Vue component. */
export const AnsdevVideo: ElementComponent<AnsdevVideoElement, VideoAttributes, VideoEventMap> = component(
  "AnsdevVideo",
  "ansdev-video",
  defineVideoElement,
  VIDEO_FLAGS,
);
