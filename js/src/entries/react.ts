/**
 * `@ansdev/player/react`: `<AnsdevVideo>` and `useAnsdevClient`, for React 18 and 19. Both can be rendered on a server.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";

export {
  AnsdevVideo,
  type AnsdevVideoProps,
  type EventOfVideo,
  type HandlerName,
  type MediaHandlers,
  type TokenHandlers,
  type VideoEvent,
  type VideoProps,
} from "../react/video.js";
export { useAnsdevClient, type AnsdevClientState } from "../react/client.js";
