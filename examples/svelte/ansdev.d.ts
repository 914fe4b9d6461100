// Tells Svelte's templates what <ansdev-video> takes.
import type { AnsdevVideoElement } from "@ansdev/player/element";
import type { HTMLVideoAttributes } from "svelte/elements";

type Properties = Partial<Pick<AnsdevVideoElement, "client" | "session" | "hlsConfig" | "refresh">>;

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "ansdev-video": HTMLVideoAttributes & Properties & { "video-id"?: string };
  }
}
