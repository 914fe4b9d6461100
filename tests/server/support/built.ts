/** The built entry: what a server imports, and not the sources. */
const entry = new URL("../../../js/dist/server.js", import.meta.url).href;

export const { AnsdevError, createTokenEndpoint, nodeHandler } = (await import(
  entry
)) as typeof import("@ansdev/player/server");
