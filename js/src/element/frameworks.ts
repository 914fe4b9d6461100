/**
 * The tag `<ansdev-video>` in the markup of React, Preact, Solid, Svelte and Vue. Where a framework is not installed its part
 * says nothing, and `@ts-ignore` keeps the compiler from asking for it.
 */
/* eslint-disable @typescript-eslint/ban-ts-comment, @typescript-eslint/no-namespace -- the frameworks' own namespaces */
import type { TagProperties, VideoAttributes, VideoEventMap } from "./tag.js";
import type { AnsdevVideoElement } from "./video-element.js";

/** `video-id` as `videoId`. */
export type Camel<Name> = Name extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;

/** Handlers of an element's events, by names such as `onplay`. */
export type Handlers<EventMap> = {
  [Name in keyof EventMap as `on${Name & string}`]?: ((event: EventMap[Name]) => void) | undefined;
};

/** Handlers by names such as `onPlay`, as Vue has them. */
export type VueHandlers<EventMap> = {
  [Name in keyof EventMap as `on${Capitalize<Name & string>}`]?: ((event: EventMap[Name]) => void) | undefined;
};

/** What a tag takes in JSX and Svelte. */
export type TagAttributes<Attributes, EventMap> = Attributes & TagProperties & Handlers<EventMap>;

/** What a tag takes in Vue's templates, where names are written either way. */
export type VueAttributes<Attributes, EventMap> = {
  [Name in keyof Attributes as Camel<Name>]: Attributes[Name];
} & TagProperties &
  VueHandlers<EventMap>;

/** What the framework itself knows of an element comes after what the element says. */
export type Beside<Ours, Theirs> = Ours & Omit<Theirs, keyof Ours>;

/** @ts-ignore React's own, where it is installed. */
export type ReactProps<T> = import("react").VideoHTMLAttributes<T> & import("react").ClassAttributes<T>;

/** @ts-ignore Preact's own, where it is installed. */
export type PreactProps<T extends EventTarget> = import("preact").VideoHTMLAttributes<T>;

/** @ts-ignore Solid's own, where it is installed. */
export type SolidProps<T> = import("solid-js").JSX.VideoHTMLAttributes<T>;

/** @ts-ignore Svelte's own, where it is installed. */
export type SvelteProps = import("svelte/elements").HTMLVideoAttributes;

/** @ts-ignore Vue's own, where it is installed. */
export type VueProps = import("vue").HTMLAttributes & import("vue").ReservedProps;

type Video = TagAttributes<VideoAttributes, VideoEventMap>;

/** @ts-ignore */
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "ansdev-video": Beside<Video, ReactProps<AnsdevVideoElement>>;
    }
  }
}

/** @ts-ignore */
declare module "preact/jsx-runtime" {
  namespace JSX {
    interface IntrinsicElements {
      "ansdev-video": Beside<Video, PreactProps<AnsdevVideoElement>>;
    }
  }
}

/** @ts-ignore */
declare module "solid-js" {
  namespace JSX {
    interface IntrinsicElements {
      "ansdev-video": Beside<Video, SolidProps<AnsdevVideoElement>>;
    }
  }
}

/** @ts-ignore */
declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "ansdev-video": Beside<Video, SvelteProps>;
  }
}

/** @ts-ignore */
declare module "vue" {
  interface GlobalComponents {
    "ansdev-video": new () => { $props: Beside<VueAttributes<VideoAttributes, VideoEventMap>, VueProps> };
  }
}
