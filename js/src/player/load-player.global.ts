/** How the script tag gets `<ansdev-player>`: from the file beside it, which no page loads that has no player. */
import { playerIntegrity } from "ansdev:build";

import { type Constructor, method, ownGlobal } from "../platform/natives.js";
import { loadBeside } from "../platform/script-element.js";

const byName: (self: Document, name: string) => HTMLCollection = method(
  "nothing",
  ownGlobal("Document") as Constructor<Document> | undefined,
  "getElementsByTagName",
);

let loading: Promise<unknown> | undefined;

/** Loads and defines `<ansdev-player>`, once; for players that are where the document does not see them, in a shadow tree. */
export async function definePlayer(): Promise<void> {
  loading ??= loadBeside("player.global.js", playerIntegrity);
  try {
    await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

/** Does so when the first one is in the page. */
export function awaitPlayer(page: Document): void {
  // A list that keeps itself up to date.
  const players = byName(page, "ansdev-player");
  const look = (): void => {
    if (players.length === 0) return;
    observer.disconnect();
    definePlayer().catch(console.error);
  };
  const observer = new MutationObserver(look);
  observer.observe(page, { childList: true, subtree: true });
  look();
}
