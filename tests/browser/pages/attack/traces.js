import { die, live } from "./life.js";
import { search } from "./search.js";
import { Secret } from "./secret.js";

/**
 * Lives a client's life with a film in the page, and then looks for the key: in everything that can be reached, in what
 * the client gave, and in every place where a page can leave something.
 */
export async function traces(entry, access) {
  const secret = new Secret(access.apiKey);
  const loot = [];
  const inTexts = (where, value) => {
    if (secret.isInText(typeof value === "string" ? value : (JSON.stringify(value) ?? ""))) loot.push(where);
  };

  const overheard = [];
  const channel = new BroadcastChannel(`ansdev-player ${access.baseUrl}/`);
  channel.onmessage = ({ data }) => overheard.push(data);

  const sdk = await import(entry);
  const modules = await Promise.all(["element", "hls", "slim"].map((name) => import(`@ansdev/player/${name}`)));
  const life = await live(sdk.createClient, access);
  const element = document.createElement("ansdev-video");
  Object.assign(element, { client: life.client, videoId: "vid_single_key", muted: true, autoplay: true });
  document.body.append(element);
  await new Promise((resolve) => element.addEventListener("playing", resolve, { once: true }));

  await inStorage(inTexts);
  // One walk from everywhere, because everything in a page is connected.
  const walk = (roots) => search(roots, secret, (what) => loot.push(`walk: ${what}`), { path: "" });
  walk({ life, sdk, modules, element, window: globalThis });

  for (const error of life.errors) {
    inTexts("errors", [String(error), error.stack, error.cause, { ...error }]);
    inTexts("errors", structuredClone(error).stack ?? "");
  }
  for (const event of life.events) inTexts("events", event.detail);
  inTexts("BroadcastChannel", overheard);
  inTexts("DOM", html(document.documentElement));
  inTexts("performance", performance.getEntries());
  inTexts("history", [history.state, location.href, document.referrer, document.title, window.name]);

  element.remove();
  await die(life);
  walk({ life });
  channel.close();
  return { loot, errors: life.errors.map(({ code }) => code), hasEvents: life.events.length > 5, overheard };
}

async function inStorage(inTexts) {
  inTexts("localStorage", { ...localStorage });
  inTexts("sessionStorage", { ...sessionStorage });
  inTexts("cookies", document.cookie);
  for (const { name, version } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name, version));
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store).objectStore(store);
      inTexts("IndexedDB", [name, store, await settled(records.getAllKeys()), await settled(records.getAll())]);
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      inTexts("Cache", [name, request.url, [...request.headers], await (await cache.match(request)).text()]);
    }
  }
  const registrations = await navigator.serviceWorker.getRegistrations();
  inTexts(
    "service workers",
    registrations.map(({ scope, active }) => [scope, active?.scriptURL]),
  );
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The document's text, with that of every shadow root. */
function html(root) {
  const shadows = [...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  return [root.outerHTML ?? root.innerHTML, ...shadows.map(html)].join("\n");
}
