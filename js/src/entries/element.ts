/**
 * `@ansdev/player/element`: defines `<ansdev-video>`. Importing it on a server does nothing.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";
import { AnsdevVideoElement, defineVideoElement } from "../element/video-element.js";

export { PlaybackError } from "../element/playback-error.js";
export { AnsdevVideoElement };

declare global {
  interface HTMLElementTagNameMap {
    "ansdev-video": AnsdevVideoElement;
  }
}

defineVideoElement();
