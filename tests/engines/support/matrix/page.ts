import type { Cell } from "./axes.ts";

const IMPORTS = {
  "@ansdev/player": "/sdk/index.js",
  "@ansdev/player/element": "/sdk/element.js",
  "@ansdev/player/player": "/sdk/player.js",
  "custom-media-element": "/node_modules/custom-media-element/dist/custom-media-element.js",
  "media-chrome": "/node_modules/media-chrome/dist/index.js",
  "media-chrome/menu": "/node_modules/media-chrome/dist/menu/index.js",
  "media-chrome/": "/node_modules/media-chrome/",
};

/** How each facility is taken away, before any other script runs. */
const TAKEN: Record<Cell["missing"], string> = {
  nothing: "",
  "Web Locks": "delete Navigator.prototype.locks;",
  BroadcastChannel: "delete window.BroadcastChannel;",
  IntersectionObserver: "delete window.IntersectionObserver;",
  ResizeObserver: "delete window.ResizeObserver;",
  MediaSource: "delete window.MediaSource; delete window.ManagedMediaSource; delete window.WebKitMediaSource;",
  "a decoder":
    "for (const Source of [window.MediaSource, window.ManagedMediaSource]) if (Source) Source.isTypeSupported = () => false;",
  Workers: "",
  WebAssembly: "",
  "storage, in a sandboxed frame": "",
  "XMLHttpRequest without a wrapper": `
    const Native = XMLHttpRequest;
    window.XMLHttpRequest = function () {
      const inner = new Native();
      return new Proxy(inner, {
        get: (_, name) => {
          const value = inner[name];
          return typeof value === "function" ? value.bind(inner) : value;
        },
        set: (_, name, value) => {
          inner[name] = value;
          return true;
        },
      });
    };
    Object.assign(window.XMLHttpRequest, { prototype: Native.prototype, DONE: 4 });`,
  "a current window.Hls": "window.Hls = class { static version = '0.14.17'; static isSupported() { return true; } };",
  "a network, by navigator.onLine": `
    Object.defineProperty(navigator, "onLine", { get: () => false });
    addEventListener("load", () => dispatchEvent(new Event("offline")));`,
};

const POLICIES: Partial<Record<Cell["missing"], string>> = {
  Workers: "worker-src 'none'",
  WebAssembly: "script-src 'self' 'unsafe-inline' blob:",
};

/** The page of a cell: an iframe. */
export function cellPage(id: number, cell: Cell, facts: object): string {
  const policy = POLICIES[cell.missing];
  const imports = { imports: { ...IMPORTS, "hls.js/dist/hls.light.mjs": `/matrix/hls.js?${String(id)}` } };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A cell</title>
    <link rel="icon" href="data:," />
    ${policy === undefined ? "" : `<meta http-equiv="Content-Security-Policy" content="${policy}" />`}
    <script type="importmap">${JSON.stringify(imports)}</script>
    <script>
      ${TAKEN[cell.missing]}
      window.cell = ${JSON.stringify(cell)};
      window.facts = ${JSON.stringify(facts)};
      window.thrown = [];
      addEventListener("error", ({ message }) => thrown.push(message));
      addEventListener("unhandledrejection", ({ reason }) => thrown.push("unhandled: " + String(reason?.stack ?? reason)));
    </script>
  </head>
  <body>
    ${cell.made === "by markup" ? `<${cell.element} muted width="160"></${cell.element}>` : ""}
    <script type="module" src="/matrix/cell.js"></script>
  </body>
</html>`;
}

/** The page around the cells: so many at a time. */
export function lanesPage(lanes: number): string {
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>The matrix</title><link rel="icon" href="data:," /></head>
  <body>
    <script type="module">
      const lane = async () => {
        for (;;) {
          const { id, isSandboxed } = await (await fetch("/matrix/next", { method: "POST" })).json();
          if (id === null) return;
          const frame = document.createElement("iframe");
          Object.assign(frame, { width: 340, height: 240, allow: "autoplay" });
          if (isSandboxed) frame.sandbox = "allow-scripts";
          const ended = new Promise((resolve) => {
            const listen = ({ data }) => {
              if (data !== "ended " + id) return;
              removeEventListener("message", listen);
              resolve();
            };
            addEventListener("message", listen);
            // Its script did not even run.
            setTimeout(resolve, 120_000);
          });
          frame.src = "/matrix/cell?" + id;
          document.body.append(frame);
          await ended;
          frame.remove();
        }
      };
      await Promise.all(Array.from({ length: ${String(lanes)} }, lane));
      document.title = "done";
    </script>
  </body>
</html>`;
}
