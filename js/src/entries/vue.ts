/**
 * `@ansdev/player/vue`: `<AnsdevVideo>` and `<AnsdevPlayer>`, for Vue 3.4 or later and Nuxt. Both can be rendered on a
 * server.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export type { ElementComponent, Exposed } from "../vue/component.js";
export { AnsdevPlayer } from "../vue/player.js";
export { AnsdevVideo } from "../vue/video.js";
