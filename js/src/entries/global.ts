/** The script-tag build: `window.Ansdev` has the names of the entries, `<ansdev-video>` is defined, `<ansdev-player>` is when it is needed. */
import "../platform/natives.js";
import { AnsdevVideoElement, PlaybackError } from "./element.js";
import { attachSession, hlsConfig } from "../adapters/hls.js";
import { AnsdevError, createClient, tokenEndpoint } from "./index.js";
import { awaitPlayer, definePlayer } from "../player/load-player.global.js";
import { ownGlobal } from "../platform/natives.js";

// As firm as a module's exports are: a script that runs later cannot put its own createClient in the place of this one.
// A second tag of the same script does nothing.
if (!Object.hasOwn(globalThis, "Ansdev")) {
  const value = Object.freeze({
    AnsdevError,
    AnsdevVideoElement,
    PlaybackError,
    attachSession,
    createClient,
    definePlayer,
    hlsConfig,
    tokenEndpoint,
  });
  Object.defineProperty(globalThis, "Ansdev", { value, enumerable: true });
  const page = ownGlobal("document") as Document | undefined;
  if (page) awaitPlayer(page);
}
