/**
 * `@ansdev/player/element`: defines `<ansdev-video>`. Importing it on a server does nothing.
 *
 * @packageDocumentation
 */
import { AnsdevVideoElement, defineVideoElement } from "./video-element.js";

export { PlaybackError } from "./playback-error.js";
export { AnsdevVideoElement };

declare global {
  interface HTMLElementTagNameMap {
    "ansdev-video": AnsdevVideoElement;
  }
}

defineVideoElement();
