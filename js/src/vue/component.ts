/** What the Vue components of both elements have in common. */
import {
  defineComponent,
  h,
  shallowRef,
  toRaw,
  type DefineSetupFnComponent,
  type PublicProps,
  type SetupContext,
  type VNode,
} from "vue";

import type { VueAttributes } from "../element/frameworks.js";
import type { TagProperties } from "../element/tag.js";

/** What a component has for a template's `ref`. */
export interface Exposed<Element> {
  /** The element; `null` before it is mounted. */
  readonly element: Element | null;
}

/** A Vue component of an element: it renders on a server as well, and needs no option of the template's compiler. */
export type ElementComponent<Element, Attributes, EventMap> = new (
  props: VueAttributes<Attributes, EventMap> & PublicProps,
) => InstanceType<DefineSetupFnComponent<VueAttributes<Attributes, EventMap>>> & Exposed<Element>;

/** An element as a Vue component. Attributes and listeners that it does not name fall through to the element. */
export function component<Element extends HTMLElement, Attributes, EventMap>(
  name: string,
  tag: string,
  define: () => void,
  flags: readonly string[],
): ElementComponent<Element, Attributes, EventMap> {
  const setup = (props: TagProperties & Record<string, unknown>, { slots, expose }: SetupContext): (() => VNode) => {
    define();
    const element = shallowRef<Element | null>(null);
    expose({ element });
    return () => {
      // As properties, whether or not the element is defined; out of Vue's proxies, which cannot reach private fields.
      const attributes: Record<string, unknown> = {
        ref: element,
        "video-id": props["videoId"],
        "start-time": props["startTime"],
        ".Hls": props.Hls ?? null,
        ".hlsConfig": toRaw(props.hlsConfig) ?? {},
        ".client": toRaw(props.client) ?? null,
        ".session": toRaw(props.session) ?? null,
      };
      for (const flag of flags) attributes[flag] = props[flag] === true ? "" : null;
      return h(tag, attributes, slots["default"]?.());
    };
  };
  const given = Object.fromEntries(
    ["videoId", "startTime", "client", "session", "Hls", "hlsConfig"].map((prop) => [prop, null]),
  );
  const switched = Object.fromEntries(flags.map((flag) => [flag, Boolean]));
  return defineComponent(setup as never, { name, props: { ...given, ...switched } as never }) as never;
}
