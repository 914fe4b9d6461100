import type { Change } from "../../../browser/support/attack/leaky-build.ts";
import type { Axis, Cell } from "./axes.ts";

/** A build that breaks the promise along one axis, and a cell in which that shows. */
export interface BrokenBuild {
  axis: Axis;
  what: string;
  change: Change;
  cell: Partial<Cell>;
}

export const BROKEN_BUILDS: BrokenBuild[] = [
  {
    axis: "missing",
    what: "it needs Web Locks in the Worker",
    change: {
      file: "worker/tab-share.ts",
      from: "    locks\n      ?.request(",
      to: "    (locks as LockManager)\n      .request(",
    },
    cell: { missing: "storage, in a sandboxed frame", credential: "a key, shared by tabs" },
  },
  {
    axis: "route",
    what: "what failed is not tried again by itself",
    change: { file: "element/playback.ts", from: "this.#dueAt = performance.now() + pause;", to: "" },
    cell: { route: "manifest", kind: "404", span: "for a while" },
  },
  {
    axis: "kind",
    what: "a page in the place of a key is taken for one",
    change: {
      file: "adapters/hls.ts",
      from: "response.byteLength === KEY_LENGTH ? response : null",
      to: "true ? response : null",
    },
    cell: { route: "key", kind: "garbage" },
  },
  {
    axis: "span",
    what: "its patience has no end",
    change: { file: "element/patience.ts", from: "        this.#onEnd();\n", to: "" },
    cell: { route: "mint", kind: "503", span: "for a while" },
  },
  {
    axis: "credential",
    what: "what runs in the page does not say that it does",
    change: { file: "client/isolation.ts", from: 'later({ type: "booted", version });', to: "" },
    cell: { credential: "a key in the page" },
  },
  {
    axis: "element",
    what: "the player's message outlives its error",
    change: {
      file: "element/video-element.ts",
      from: "    this.onErrorChange?.();\n    if (error === null) return;\n",
      to: "    if (error === null) return;\n    this.onErrorChange?.();\n",
    },
    cell: { element: "ansdev-player", route: "manifest", kind: "503", span: "for a while" },
  },
  {
    axis: "made",
    what: "a client that was set before the definition is lost",
    change: { file: "element/video-element.ts", from: '"height", "client", "session"', to: '"height", "session"' },
    cell: { made: "before definition" },
  },
  {
    axis: "client",
    what: "a client that comes later is not looked at",
    change: {
      file: "element/video-element.ts",
      from: "    this.#client = client;\n    this.#queueUpdate();\n",
      to: "    this.#client = client;\n",
    },
    cell: { client: "two seconds late" },
  },
  {
    axis: "asked",
    what: "play() waits until there is something to play",
    change: {
      file: "element/video-element.ts",
      from: "if (attributeMistake(this) === null) this.#playNatively();",
      to: "if (this.#attachment?.playback) this.#playNatively();",
    },
    cell: { asked: "before it is in the page" },
  },
  {
    axis: "preload",
    what: 'preload="none" holds although it was asked to play',
    change: {
      file: "element/video-element.ts",
      from: "return isVisible || !this.#attachment?.hasFailed;",
      to: 'return this.#preload() !== "none";',
    },
    cell: { preload: "none" },
  },
  {
    axis: "sight",
    what: "a page that becomes visible is not noticed",
    change: {
      file: "element/video-element.ts",
      from: '["visibilitychange", "prerenderingchange"]',
      to: '["prerenderingchange"]',
    },
    cell: { sight: "hidden at first", asked: "by autoplay" },
  },
  {
    axis: "stay",
    what: "a move counts as a removal",
    change: { file: "element/video-element.ts", from: "      if (this.isConnected) return;\n", to: "" },
    cell: { stay: "moved at once" },
  },
];
