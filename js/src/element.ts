/**
 * `@ansdev/player/element`: defines `<ansdev-video>`. Importing it on a server does nothing.
 *
 * @packageDocumentation
 */
import { AnsdevVideoElement } from "./video-element.js";

export { PlaybackError } from "./playback-error.js";
export { AnsdevVideoElement };

declare global {
  interface HTMLElementTagNameMap {
    "ansdev-video": AnsdevVideoElement;
  }
}

const registry = (globalThis as Partial<typeof globalThis>).customElements;
if (registry && !registry.get("ansdev-video")) registry.define("ansdev-video", AnsdevVideoElement);
