/**
 * `@ansdev/player/element`: defines `<ansdev-video>`. Importing it on a server does nothing.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";
import { AnsdevVideoElement, defineVideoElement } from "../element/video-element.js";

export { PlaybackError } from "../element/playback-error.js";
export { AnsdevVideoElement };
export type * from "../element/frameworks.js";
export type * from "../element/tag.js";

declare global {
  interface HTMLElementTagNameMap {
    "ansdev-video": AnsdevVideoElement;
  }
}

defineVideoElement();
