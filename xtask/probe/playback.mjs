// What a token says of itself, and what it opens: playlists and AES keys.
import { ORIGIN } from "./backend.mjs";
import { members } from "./list.mjs";
import { differs, unseen } from "./verdicts.mjs";

/** How many tokens a run spends at most. */
const MAX_TOKENS = 3;

/** What needs a token to be seen. */
const ASSUMPTIONS = [
  "token-claims",
  "player-page",
  "playlist-path",
  "playlist-layout",
  "segment-addresses",
  "rendition-path",
  "key-query",
  "cors-playback",
  "token-reuse",
];

const resolve = (address, base) => (URL.canParse(address, base) ? new URL(address, base) : undefined);

/** An address without its query, which may hold a signature. */
const shown = ({ origin, pathname }) => origin + pathname;

/** Mints for one video after another, while there is something that the next one may show. */
export async function probePlayback(backend, verdicts, videos) {
  await verdicts.group(ASSUMPTIONS, async () => {
    for (const video of videos.slice(0, MAX_TOKENS)) {
      if (!verdicts.haveSeen(ASSUMPTIONS)) await look(backend, verdicts, video);
    }
    unseen("no video that is COMPLETED shows it");
  });
}

/** Mints for a video, and reads everything that its token opens. Throws where no other video would show more. */
async function look(backend, verdicts, video) {
  const { token = unseen("the mint's answer has no token"), playerUrl } = (await backend.mint(video)).data("the mint");
  await verdicts.check("token-claims", () => checkClaims(token, video, backend.facts.scope));
  await verdicts.check("player-page", () => checkPlayerPage(backend, playerUrl));

  const address = new URL(backend.base + backend.facts.manifest + token);
  const first = await backend.read(address);
  await verdicts.check("cors-playback", () => checkReadable(first, "the playlist"));
  const elsewhere = redirected(first, address);
  const playlist = await verdicts.check("playlist-path", async () => {
    const answer = elsewhere === undefined ? first : await backend.read(elsewhere);
    return readPlaylist(answer, elsewhere ?? address) ?? differs(`it answers ${first}`);
  });
  if (playlist === undefined) unseen("there is no playlist");
  await verdicts.check("playlist-layout", () => {
    if (elsewhere !== undefined) differs(`${first.status} to ${shown(elsewhere)}`);
  });
  const media = elsewhere === undefined ? await ownMedia(backend, verdicts, playlist, token) : playlist;
  if (elsewhere !== undefined) {
    await verdicts.group(["segment-addresses", "rendition-path"], () => unseen("the playlist is elsewhere"));
  }
  if (media !== undefined) await verdicts.check("key-query", () => checkKey(backend, verdicts, media, token));
  await verdicts.check("token-reuse", async () => {
    const second = await backend.read(address);
    if (second.status !== first.status) differs(`the second time it answers ${second}`);
  });
}

/** Says names only, because a token's claims are private. */
function checkClaims(token, video, scope) {
  const parts = token.split(".");
  if (parts.length !== 3) differs("it is no JWT of three parts");
  let claims;
  try {
    claims = JSON.parse(Buffer.from(parts[1], "base64url"));
  } catch {
    differs("its second part is no JSON");
  }
  const { sub, job, iat, exp } = claims ?? {};
  if (![sub, job, claims?.scope].every((text) => typeof text === "string")) differs(members(claims));
  if (![iat, exp].every(Number.isInteger)) differs(members(claims));
  if (sub !== video) differs("`sub` is not the video's id");
  if (claims.scope !== scope) differs("`scope` is another");
}

async function checkPlayerPage(backend, url) {
  if (!/^https?:\/\//.test(url)) differs("`playerUrl` is no http(s) address");
  const answer = await backend.open(url);
  const [type, options] = [answer.header("content-type"), answer.header("x-frame-options")];
  if (!answer.isSuccess || !type.startsWith("text/html")) differs(`it answers ${answer}, "${type}"`);
  if (options !== "") differs(`x-frame-options: ${options}`);
  const directives = answer
    .header("content-security-policy")
    .split(/[;,]/)
    .map((directive) => directive.trim());
  const ancestors = directives.find((directive) => /^frame-ancestors (?!\*$)/.test(directive));
  if (ancestors !== undefined) differs(ancestors);
}

function checkReadable(answer, what) {
  if (!answer.isReadable) differs(`not ${what} for ${ORIGIN}`);
}

/** Where an answer redirects to. */
function redirected({ status, headers }, address) {
  return status >= 300 && status < 400 ? resolve(headers.get("location") ?? "", address) : undefined;
}

/** The addresses that a playlist names (RFC 8216); `undefined` where it is none. */
function readPlaylist({ isSuccess, text }, address) {
  if (!isSuccess || !text.startsWith("#EXTM3U")) return undefined;
  const lines = text.split("\n").map((line) => line.trim());
  return {
    address,
    isMaster: lines.some((line) => line.startsWith("#EXT-X-STREAM-INF:")),
    named: lines.filter((line) => line !== "" && !line.startsWith("#")),
    keys: [...text.matchAll(/^#EXT-X-KEY:.*URI="([^"]*)"/gm)].flatMap(([, uri]) => resolve(uri, address) ?? []),
  };
}

/** The API's own playlist of segments: the one that it answers, or its first rendition. */
async function ownMedia(backend, verdicts, playlist, token) {
  const media = playlist.isMaster ? await readRendition(backend, verdicts, playlist, token) : playlist;
  if (media !== undefined) {
    await verdicts.check("segment-addresses", () => {
      const relative = media.named.find((named) => !URL.canParse(named));
      if (relative !== undefined) differs(`it names ${relative.split("?")[0]}`);
    });
  }
  return media;
}

/** The playlist of the first rendition, wherever it is. */
async function readRendition(backend, verdicts, master, token) {
  let media;
  await verdicts.check("rendition-path", async () => {
    const [named = ""] = master.named;
    const address = resolve(named, master.address) ?? unseen("the playlist names no rendition");
    const answer = await backend.read(address);
    media = readPlaylist(answer, address);
    const own = `${backend.base}${backend.facts.manifest}${token}/`;
    const isOwn = address.href.startsWith(own) && /^[^/]*\.m3u8$/.test(address.href.slice(own.length));
    if (!isOwn || media === undefined) differs(`${shown(address)} answers ${answer}`);
  });
  return media;
}

/** Asks for the AES key that has a query, or for the first one with a query that we make up. */
async function checkKey(backend, verdicts, { keys }, token) {
  const key = keys.find(({ search }) => search !== "") ?? keys[0] ?? unseen("no playlist names an AES key");
  const { dashboardKey, playbackKey } = backend.facts;
  const at = key.pathname.lastIndexOf(dashboardKey);
  if (at < 0) unseen(`the playlist names the AES key ${shown(key)}`);
  const job = key.pathname.slice(at + dashboardKey.length);
  const answer = await backend.read(`${backend.base}${playbackKey}${token}/${job}${key.search || "?n=2"}`);
  await verdicts.check("cors-playback", () => checkReadable(answer, "the AES key"));
  if (!answer.isSuccess || answer.bytes !== 16) differs(`it answers ${answer}, ${answer.bytes} bytes`);
}
