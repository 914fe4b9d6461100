import type { Site } from "../site.ts";

/**
 * Names by which a page finds what it needs; an element that has one of them as its `id` or `name` stands in the way.
 * Not `createElement` and `ManagedMediaSource`: with these, code that is not ours stops; so do WebKit's controls with some
 * of the others, for which reason the page has none.
 */
const NAMES = [
  ...["currentScript", "documentElement", "trustedTypes", "Hls", "MediaSource"],
  ...["addEventListener", "defaultView", "prerendering", "readyState", "visibilityState"],
  ...["Ansdev", "document", "location", "navigator", "Worker", "URL", "customElements"],
];

/**
 * Serves a page with the script-tag build in which there is no hostile script, only what many pages let strangers write:
 * pictures and links, whose names and addresses the stranger has chosen.
 */
export function serveClobbered(site: Site, script: string, stranger: string): string {
  const elements = NAMES.map(
    (name) => `<img name="${name}" src="${stranger}/x/" alt=""><a id="${name}" href="${stranger}/x/"></a>`,
  );
  site.route("/clobbered.html", (_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Names</title><link rel="icon" href="data:,"></head><body>
      <base href="${stranger}/x/">${elements.join("\n")}
      <ansdev-video video-id="vid_rotating_keys" muted autoplay></ansdev-video>
      <script src="${site.url}${script}"></script>
      <script>
        const { apiKey, baseUrl } = Object.fromEntries(new URLSearchParams(location.search));
        window.Ansdev.createClient({ apiKey, baseUrl }).then((client) => {
          document.querySelector("ansdev-video").client = client;
        });
      </script></body></html>`);
  });
  return "clobbered.html";
}

/** What a stranger was asked for that is not what his elements show. */
export function scriptsAskedFor(requests: readonly string[]): string[] {
  return requests.map((request) => request.split("\n")[0] ?? "").filter((path) => path !== "/x/");
}
