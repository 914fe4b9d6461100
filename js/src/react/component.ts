/** What the React components of both elements have in common. */
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

import type { Camel } from "../element/frameworks.js";
import type { TagProperties, VideoAttributes, VideoEventMap } from "../element/tag.js";
import type { AnsdevPlayerElement } from "../player/player-element.js";
import type { PlayerAttributes } from "../player/tag.js";
import type { AnsdevVideoElement } from "../element/video-element.js";

/** An event of an element; it does not bubble. */
export type ElementEvent<Element, E extends Event = Event> = E & {
  /** The element. */
  readonly currentTarget: Element;
};

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
/** The handlers that the components know, by the names that React has for those of `<video>`. */
export type HandlerName = (typeof HANDLERS)[number];

/** Handlers of an element's events; they are called with the platform's event. */
export type EventHandlers<Element, EventMap> = {
  [Name in HandlerName as Lowercase<Name> extends `on${keyof EventMap & string}` ? Name : never]?:
    ((event: ElementEvent<Element, EventOf<Lowercase<Name>>>) => void) | undefined;
};

type EventOf<Name> = Name extends `on${infer Type extends keyof VideoEventMap}` ? VideoEventMap[Type] : never;

/** How React writes the attributes that HTML writes in one word. */
interface ReactNames {
  autopictureinpicture: "autoPictureInPicture";
  autoplay: "autoPlay";
  controlslist: "controlsList";
  crossorigin: "crossOrigin";
  disablepictureinpicture: "disablePictureInPicture";
  disableremoteplayback: "disableRemotePlayback";
  playsinline: "playsInline";
}

/** An element's attributes by React's names, and its properties. */
export type ElementProps<Attributes> = {
  [Name in keyof Attributes as Name extends keyof ReactNames ? ReactNames[Name] : Camel<Name>]: Attributes[Name];
} & TagProperties;

/** All that a component takes: its element's, and the attributes of every element. */
export type ComponentProps<Element, Attributes, EventMap> = ElementProps<Attributes> &
  EventHandlers<Element, EventMap> &
  Omit<HTMLAttributes<Element>, HandlerName | keyof ElementProps<Attributes>>;

/** Props that HTML writes with a hyphen. */
const HYPHENATED: {
  [
    Name in keyof (VideoAttributes & PlayerAttributes) as Name extends `${string}-${string}` ? Camel<Name> : never
  ]-?: Name;
} = { videoId: "video-id", startTime: "start-time" };

const ATTRIBUTES = new Map<string, string>(Object.entries(HYPHENATED));

/** Attributes of every element that are there or not. */
const FLAGS = ["hidden", "inert"];

/** Props that are no attributes. */
const PROPERTIES = new Set<string>([...HANDLERS, "client", "session", "Hls", "hlsConfig"]);

/**
 * An element as a React component; its `ref` is the element.
 *
 * @param flags - Attributes that are there or not; those that are not must not be written at all.
 */
export function component<Element extends AnsdevVideoElement | AnsdevPlayerElement, Attributes, EventMap>(
  name: string,
  tag: "ansdev-video" | "ansdev-player",
  define: () => void,
  flags: readonly string[],
): ForwardRefExoticComponent<ComponentProps<Element, Attributes, EventMap> & RefAttributes<Element>> {
  const made = forwardRef<Element, Record<string, unknown>>((given, ref) => {
    const props: TagProperties & Record<string, unknown> = given;
    const element = useRef<Element>(null);
    useImperativeHandle<Element | null, Element | null>(ref, () => element.current);

    const latest = useRef<TagProperties>(props);
    useEffect(() => {
      latest.current = props;
    });
    // Before the client: what is set then starts to load.
    useEffect(() => {
      define();
      const controller = new AbortController();
      for (const name of HANDLERS) {
        const call = (event: Event): void => {
          ((latest.current as Record<string, unknown>)[name] as ((event: Event) => void) | undefined)?.(event);
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
      if (element.current && "muted" in element.current && muted !== undefined)
        element.current.muted = muted as boolean;
    }, [muted]);

    return createElement(tag, { ...attributesOf(props, flags), ref: element } as object);
  });
  made.displayName = name;
  return made as never;
}

/** The attributes of the tag; React 18 knows none of a custom element, React 19 only some. */
function attributesOf(
  { className, ...props }: Record<string, unknown>,
  flags: readonly string[],
): Record<string, unknown> {
  const attributes: Record<string, unknown> = { "video-id": undefined, class: className };
  for (const [name, value] of Object.entries(props)) {
    const flag = name.toLowerCase();
    if (flags.includes(flag) || FLAGS.includes(flag)) attributes[flag] = value === false ? undefined : value;
    else if (!PROPERTIES.has(name)) attributes[ATTRIBUTES.get(name) ?? name] = value;
  }
  return attributes;
}
