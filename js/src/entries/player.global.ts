/**
 * `<ansdev-player>` for the script tag: a script beside it, which it loads when the first one is in the page. The video
 * inside is the script tag's own (scripts/bundle.mjs).
 */
import "../platform/natives.js";
import { definePlayerElement } from "../player/player-element.js";

definePlayerElement();
