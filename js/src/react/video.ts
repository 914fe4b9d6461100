import type { ForwardRefExoticComponent, RefAttributes } from "react";

import { component, type ComponentProps, type ElementEvent } from "./component.js";
import { VIDEO_FLAGS, type VideoAttributes, type VideoEventMap } from "../element/tag.js";
import { type AnsdevVideoElement, defineVideoElement } from "../element/video-element.js";

/** An event of the element; it does not bubble. */
export type VideoEvent<E extends Event = Event> = ElementEvent<AnsdevVideoElement, E>;

/** What {@link AnsdevVideo} takes: its own, its events' handlers, and the attributes of every element. */
export type AnsdevVideoProps = ComponentProps<AnsdevVideoElement, VideoAttributes, VideoEventMap>;

/** `<ansdev-video>` as a React component; its `ref` is the element. */
export const AnsdevVideo: ForwardRefExoticComponent<AnsdevVideoProps & RefAttributes<AnsdevVideoElement>> = component<
  AnsdevVideoElement,
  VideoAttributes,
  VideoEventMap
>("AnsdevVideo", "ansdev-video", defineVideoElement, VIDEO_FLAGS);
