/**
 * `@ansdev/player/react`: `<AnsdevVideo>`, `<AnsdevPlayer>` and `useAnsdevClient`, for React 18 and 19. All can be rendered
 * on a server.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export type { ComponentProps, ElementEvent, ElementProps, EventHandlers, HandlerName } from "../react/component.js";
export { AnsdevPlayer, type AnsdevPlayerProps, type PlayerEvent } from "../react/player.js";
export { AnsdevVideo, type AnsdevVideoProps, type VideoEvent } from "../react/video.js";
export { useAnsdevClient, type AnsdevClientState } from "../react/client.js";
