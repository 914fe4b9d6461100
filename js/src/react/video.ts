import {
  createElement,
  forwardRef,
  useEffect,
  useImperativeHandle,
  useRef,
  type ForwardRefExoticComponent,
  type HTMLAttributes,
  type RefAttributes,
} from "react";

import type { HlsConfig } from "hls.js";

import type { Client } from "../client/client.js";
import type { HlsConstructor } from "../element/load-hls.js";
import type { Session, SessionEventMap } from "../client/session.js";
import { type AnsdevVideoElement, defineVideoElement } from "../element/video-element.js";

/** An event of the element; it does not bubble. */
export type VideoEvent<E extends Event = Event> = E & EventOfVideo;

/** What every event of the element has. */
export interface EventOfVideo {
  /** The element. */
  readonly currentTarget: AnsdevVideoElement;
}

const HANDLERS = [
  "onAbort",
  "onCanPlay",
  "onCanPlayThrough",
  "onDurationChange",
  "onEmptied",
  "onEnded",
  "onEnterPictureInPicture",
  "onError",
  "onLeavePictureInPicture",
  "onLoadedData",
  "onLoadedMetadata",
  "onLoadStart",
  "onPause",
  "onPlay",
  "onPlaying",
  "onProgress",
  "onRateChange",
  "onResize",
  "onSeeked",
  "onSeeking",
  "onStalled",
  "onSuspend",
  "onTimeUpdate",
  "onVolumeChange",
  "onWaiting",
  "onTokenRefreshing",
  "onTokenRefreshed",
  "onTokenError",
] as const;
/** The handlers that {@link AnsdevVideo} knows. */
export type HandlerName = (typeof HANDLERS)[number];

/** Handlers of the session's events, which the element dispatches. */
export interface TokenHandlers {
  /** A token is being fetched. */
  onTokenRefreshing?: ((event: VideoEvent<SessionEventMap["tokenrefreshing"]>) => void) | undefined;
  /** A token arrived. */
  onTokenRefreshed?: ((event: VideoEvent<SessionEventMap["tokenrefreshed"]>) => void) | undefined;
  /** A token could not be fetched. */
  onTokenError?: ((event: VideoEvent<SessionEventMap["tokenerror"]>) => void) | undefined;
}

/** Handlers of the element's events; named as React names those of `<video>`, and called with the platform's event. */
export type MediaHandlers = TokenHandlers &
  Partial<Record<Exclude<HandlerName, keyof TokenHandlers>, ((event: VideoEvent) => void) | undefined>>;

/** Attributes that are there or not; those that are not must not be written at all. */
const FLAGS = {
  autoPlay: "autoplay",
  controls: "controls",
  disablePictureInPicture: "disablepictureinpicture",
  disableRemotePlayback: "disableremoteplayback",
  hidden: "hidden",
  inert: "inert",
  loop: "loop",
  muted: "muted",
  playsInline: "playsinline",
} as const;

/** Props that are no attributes. */
const PROPERTIES = new Set<string>([...HANDLERS, "client", "session", "Hls", "hlsConfig"]);

/** What {@link AnsdevVideo} takes of its own. */
export interface VideoProps {
  /** The video to play. */
  videoId?: string | undefined;
  /** The client that opens the video's session; `null` while there is none yet. */
  client?: Client | null | undefined;
  /** Plays this session in place of `client` and `videoId`. */
  session?: Session | null | undefined;
  /** When tokens are renewed. Default: as the client does. */
  refresh?: "eager" | "on-demand" | undefined;
  /** Merged into hls.js's configuration, when a video loads. */
  hlsConfig?: Partial<HlsConfig> | undefined;
  /** The hls.js class to play with. Default: the light build, loaded when needed. */
  Hls?: HlsConstructor | null | undefined;
  /** Starts by itself, where the browser lets it. */
  autoPlay?: boolean | undefined;
  /** Shows the browser's controls. */
  controls?: boolean | undefined;
  /** Takes the browser's picture-in-picture away. */
  disablePictureInPicture?: boolean | undefined;
  /** Takes the browser's casting away. */
  disableRemotePlayback?: boolean | undefined;
  /** Begins again at the end. */
  loop?: boolean | undefined;
  /** Without sound at first. */
  muted?: boolean | undefined;
  /** Plays in the page on phones, not in full screen. */
  playsInline?: boolean | undefined;
  /** How much to load before somebody plays. */
  preload?: "none" | "metadata" | "auto" | undefined;
  /** Address of the picture before the first one. */
  poster?: string | undefined;
  /** Pixels. */
  width?: number | string | undefined;
  /** Pixels. */
  height?: number | string | undefined;
}

/** What {@link AnsdevVideo} takes: its own, its events' handlers, and the attributes of every element. */
export type AnsdevVideoProps = VideoProps & MediaHandlers & Omit<HTMLAttributes<AnsdevVideoElement>, HandlerName>;

/** `<ansdev-video>` as a React component; its `ref` is the element. */
export const AnsdevVideo: ForwardRefExoticComponent<AnsdevVideoProps & RefAttributes<AnsdevVideoElement>> = forwardRef(
  function AnsdevVideo(props: AnsdevVideoProps, ref) {
    const element = useRef<AnsdevVideoElement>(null);
    useImperativeHandle<AnsdevVideoElement | null, AnsdevVideoElement | null>(ref, () => element.current);

    const latest = useRef(props);
    useEffect(() => {
      latest.current = props;
    });
    // Before the client: what is set then starts to load.
    useEffect(() => {
      defineVideoElement();
      const controller = new AbortController();
      for (const name of HANDLERS) {
        const call = (event: Event): void => {
          (latest.current[name] as ((event: Event) => void) | undefined)?.(event);
        };
        element.current?.addEventListener(name.slice(2).toLowerCase(), call, controller);
      }
      return () => {
        controller.abort();
      };
    }, []);
    const { client = null, session = null, Hls = null, hlsConfig } = props;
    useEffect(() => {
      if (element.current) Object.assign(element.current, { hlsConfig: latest.current.hlsConfig ?? {}, Hls });
    }, [hlsConfig, Hls]);
    useEffect(() => {
      if (element.current) Object.assign(element.current, { client, session });
    }, [client, session]);
    // To a video that is there already the attribute says nothing (HTML, section 4.8.11.13).
    const { muted } = props;
    useEffect(() => {
      if (element.current && muted !== undefined) element.current.muted = muted;
    }, [muted]);

    return createElement("ansdev-video", { ...attributesOf(props), ref: element });
  },
);

/** The attributes of the tag; React 18 knows none of a custom element, React 19 only some. */
function attributesOf({ videoId, className, ...props }: AnsdevVideoProps): Record<string, unknown> {
  const attributes: Record<string, unknown> = { "video-id": videoId, class: className };
  for (const [name, value] of Object.entries(props)) {
    if (name in FLAGS) attributes[FLAGS[name as keyof typeof FLAGS]] = value === false ? undefined : value;
    else if (!PROPERTIES.has(name)) attributes[name] = value;
  }
  return attributes;
}

type TagProps = HTMLAttributes<AnsdevVideoElement> &
  RefAttributes<AnsdevVideoElement> & { "video-id"?: string | undefined; [attribute: string]: unknown };

declare module "react" {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- it is React's
  namespace JSX {
    interface IntrinsicElements {
      "ansdev-video": TagProps;
    }
  }
}
