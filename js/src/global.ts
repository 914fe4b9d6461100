/** The script-tag build: `window.Ansdev` has the names of the entries, and `<ansdev-video>` is defined. */
export { AnsdevVideoElement, PlaybackError } from "./element.js";
export { hlsConfig } from "./hls.js";
export { AnsdevError, createClient } from "./index.js";
