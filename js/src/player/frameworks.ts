/** The tag `<ansdev-player>` in the markup of frameworks; see the video's. */
/* eslint-disable @typescript-eslint/ban-ts-comment, @typescript-eslint/no-namespace -- the frameworks' own namespaces */
import type {
  Beside,
  PreactProps,
  ReactProps,
  SolidProps,
  SvelteProps,
  TagAttributes,
  VueAttributes,
  VueProps,
} from "../element/frameworks.js";
import type { AnsdevPlayerElement } from "./player-element.js";
import type { PlayerAttributes, PlayerEventMap } from "./tag.js";

type Player = TagAttributes<PlayerAttributes, PlayerEventMap>;

/** @ts-ignore */
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "ansdev-player": Beside<Player, ReactProps<AnsdevPlayerElement>>;
    }
  }
}

/** @ts-ignore */
declare module "preact/jsx-runtime" {
  namespace JSX {
    interface IntrinsicElements {
      "ansdev-player": Beside<Player, PreactProps<AnsdevPlayerElement>>;
    }
  }
}

/** @ts-ignore */
declare module "solid-js" {
  namespace JSX {
    interface IntrinsicElements {
      "ansdev-player": Beside<Player, SolidProps<AnsdevPlayerElement>>;
    }
  }
}

/** @ts-ignore */
declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "ansdev-player": Beside<Player, SvelteProps>;
  }
}

/** @ts-ignore */
declare module "vue" {
  interface GlobalComponents {
    "ansdev-player": new () => { $props: Beside<VueAttributes<PlayerAttributes, PlayerEventMap>, VueProps> };
  }
}
