// Tells Vue's templates what <ansdev-video> takes.
import type { AnsdevVideoElement } from "@ansdev/player/element";
import type { DefineComponent, VideoHTMLAttributes } from "vue";

type Properties = Partial<Pick<AnsdevVideoElement, "client" | "session" | "hlsConfig" | "refresh">>;

declare module "vue" {
  interface GlobalComponents {
    "ansdev-video": DefineComponent<VideoHTMLAttributes & Properties & { videoId?: string }>;
  }
}
