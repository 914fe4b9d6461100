import { search } from "./search.js";
import { Secret } from "./secret.js";

/** What a script finds of a key that begins at the page's elements, and follows whatever lies on them. */
export function fromNodes(apiKey) {
  const loot = [];
  const nodes = [...document.querySelectorAll("*")];
  search({ nodes }, new Secret(apiKey), (what) => loot.push(what), { path: "" });
  const isReacts = nodes.some((node) => Object.keys(node).some((name) => name.startsWith("__react")));
  return { loot, isReacts };
}
