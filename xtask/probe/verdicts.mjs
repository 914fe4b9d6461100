// What was found out about the assumptions.
import { styleText } from "node:util";

/**
 * What the project assumes about Ansdev although Ansdev does not publish it: all that is marked *assumed* in `src/api`,
 * and what the mock does where nothing is published.
 */
const ASSUMPTIONS = {
  "list-page": "the list's `data` is {videos, nextCursor}",
  "list-limit": "`limit` is a whole number from 1 to 100",
  "list-default": "without `limit` a page holds up to 20 videos",
  "list-cursor": "`cursor` takes the `nextCursor` of the page before",
  "video-fields": "a video has id, title, status, quality, durationSeconds, encrypted, createdAt",
  "order-key": "the key is asked for and looked up before the video",
  "order-expiry": "the key's expiry is checked before its scope, and both before the video",
  "order-scope": "the key's scope is checked before the video",
  "order-quota": "the quota is checked after the video and its status",
  "cors-preflight": "a page of any origin may send the key's header",
  "cors-exposed": "pages can read the rate-limit headers, Retry-After and Date",
  "cors-playback": "a page of any origin can read playlists and AES keys",
  "token-claims": "a token is a JWT with sub (the video), job, scope `playback`, iat, exp",
  "player-page": "`playerUrl` is a page that any site may put into an <iframe>",
  "playlist-path": "the playlist is at /v1/video/playback/manifest/{token}",
  "playlist-layout": "the API answers the playlist itself, and does not redirect",
  "segment-addresses": "that playlist names segments by whole addresses",
  "rendition-path": "playlists of renditions are at /v1/video/playback/manifest/{token}/{rendition}.m3u8",
  "key-query": "an AES key's address may have a query, as in ?n=2",
  "token-reuse": "a token opens its playlist more than once",
};

const HOLDS = "holds";
const DIFFERS = "differs";
const UNSEEN = "could not be seen";
const STYLES = { [HOLDS]: "green", [DIFFERS]: "red", [UNSEEN]: "yellow" };

/** Why an assumption was not seen to hold. */
class Miss extends Error {
  constructor(word, message) {
    super(message);
    this.word = word;
  }
}

/** The assumption does not hold; this was seen. */
export function differs(seen) {
  throw new Miss(DIFFERS, seen);
}

/** Nothing was seen, for this reason. */
export function unseen(why) {
  throw new Miss(UNSEEN, why);
}

export class Verdicts {
  #found = new Map();

  /** Notes what a check finds out: the assumption holds unless it throws. Resolves to what it returns, if anything. */
  async check(name, check) {
    try {
      const result = await check();
      this.#note(name, { word: HOLDS });
      return result;
    } catch (error) {
      if (!(error instanceof Miss)) throw error;
      this.#note(name, error);
      return undefined;
    }
  }

  /** Runs checks of several assumptions; where they miss something, nothing more was seen of any of them. */
  async group(names, run) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Miss)) throw error;
      for (const name of names) this.#note(name, { word: UNSEEN, message: error.message });
      return undefined;
    }
  }

  /** What differs for one video differs, whatever others show; the first reason for seeing nothing stays. */
  #note(name, verdict) {
    const known = this.#found.get(name)?.word;
    if (known !== DIFFERS && (known === undefined || verdict.word !== UNSEEN)) this.#found.set(name, verdict);
  }

  /** Whether something was found out about all of these. */
  haveSeen(names) {
    return names.every((name) => [HOLDS, DIFFERS].includes(this.#found.get(name)?.word));
  }

  /** Whether something was seen, and nothing differs. */
  get isGood() {
    return this.#count(HOLDS) > 0 && this.#count(DIFFERS) === 0;
  }

  #count(word) {
    return [...this.#found.values()].filter((verdict) => verdict.word === word).length;
  }

  /** A line for each, and one that counts them. Everything that came from the backend is cleaned of secrets. */
  report(secrets) {
    const lines = Object.entries(ASSUMPTIONS).map(([name, claim]) => {
      const { word, message } = this.#found.get(name) ?? { word: UNSEEN, message: "the probe did not come to it" };
      const shown = process.stdout.isTTY ? styleText(STYLES[word], word.padEnd(18)) : word.padEnd(18);
      const seen = message === undefined ? "" : `\n${" ".repeat(39)}${secrets.clean(message)}`;
      return `${shown}  ${name.padEnd(17)}  ${claim}${seen}\n`;
    });
    const [holds, differing] = [this.#count(HOLDS), this.#count(DIFFERS)];
    const rest = lines.length - holds - differing;
    return `${lines.join("")}${holds} hold, ${differing} differ, ${rest} could not be seen`;
  }
}
