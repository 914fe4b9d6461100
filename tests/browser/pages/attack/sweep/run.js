/** Runs stand-ins, each in a realm of its own, while the SDK makes a client there and mints a token. */
import { random } from "../anything.js";
import { Secret } from "../secret.js";
import { Attacker } from "./attacker.js";
import { OF_THE_BOOT } from "./lists.js";
import { rootsOf } from "./points.js";
import { record } from "./recorder.js";
import { labelOf, put, standIns } from "./stand-ins.js";

/** Milliseconds that a client has to come to life; one that hangs loses nothing. */
const TIMEOUT = 1_200;
/** Realms at a time; most of the time each waits for its Worker. */
const LANES = 4;

const { then } = Promise.prototype;
const { apply } = Reflect;

/** Lives the part of a client's life in which the key moves. Resolves to what became of it; never rejects. */
async function live({ createClient, access }) {
  const client = await settled(() => createClient(access));
  if (client.error !== undefined || client.value === undefined) return { outcome: outcomeOf(client) };
  let isolation;
  try {
    isolation = client.value.isolation;
  } catch {
    isolation = undefined;
  }
  const session = await settled(() => client.value.openSession("vid_clear"));
  const token = session.value && (await settled(() => session.value.getToken()));
  return { outcome: token && "value" in token && token.error === undefined ? "minted" : "no token", isolation };
}

/** A promise of another realm is waited for by this realm's `then`. */
async function settled(start) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, TIMEOUT, { error: "hangs" });
    const done = (result) => {
      clearTimeout(timer);
      resolve(result);
    };
    try {
      apply(then, start(), [(value) => done({ value }), (error) => done({ error: error ?? "nothing" })]);
    } catch (error) {
      done({ error: error ?? "nothing" });
    }
  });
}

function outcomeOf({ error }) {
  if (error === "hangs") return "hangs";
  try {
    return typeof error.code === "string" ? error.code : "another error";
  } catch {
    return "another error";
  }
}

/** A new realm in which the SDK has just been loaded, and the page has made up its options; the attacker is next. */
async function newRealm(entry, { apiKey, baseUrl, options }) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = `/sweep/realm.html?entry=${encodeURIComponent(entry)}`;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const realm = frame.contentWindow;
  const { createClient } = realm;
  if (typeof createClient !== "function") throw new Error(`${entry} did not load in a frame`);
  // The page's own variable, and none of the attacker's.
  delete realm.createClient;
  // An address as an object of the platform can be recognised in more ways than a text.
  const access = new realm.Object();
  Object.assign(access, { apiKey, baseUrl: new realm.URL(baseUrl), ...options });
  return { realm, createClient, access, end: () => frame.remove() };
}

/** Which points the SDK touches: `path name part` each. */
export async function recorded(entry, access) {
  const realm = await newRealm(entry, access);
  const { touched, skipped, reached } = record(realm.realm);
  const lived = await live(realm);
  realm.end();
  const asked = OF_THE_BOOT.filter((name) => touched.has(`Object/prototype ${name} lookup`));
  const points = [...touched].filter((point) => !point.endsWith(" lookup")).sort();
  return { touched: points, asked, skipped: skipped.length, reached, outcome: lived.outcome };
}

/** Labels of all stand-ins, in the order in which they are tried: first those that are tried always, then the others. */
export function planned(touched, seed) {
  const { first, rest } = order(touched, seed);
  return { first: first.length, labels: [...first, ...rest].map(labelOf) };
}

function order(touched, seed) {
  const { first, rest } = standIns(touched);
  return { first, rest: shuffled(rest, seed) };
}

/**
 * Tries some of the stand-ins.
 *
 * @param how - `touched`, `seed`: as planned; `runs`: which; `access`; `stranger`; `module`: bytes of the attacker's
 *   WebAssembly; `stop`: whether to end at the first loss.
 */
export async function sweep(entry, how) {
  const secret = new Secret(how.access.apiKey);
  const module = new Uint8Array(how.module);
  const { first, rest } = order(how.touched, how.seed);
  const all = [...first, ...rest];
  const result = { varied: 0, absent: 0, unused: 0, outcomes: {}, losses: [] };
  const lose = (run, what) => result.losses.push({ run, what });
  const channel = new BroadcastChannel("attacker");
  channel.onmessage = ({ data }) => {
    if (how.runs.includes(data.run)) lose(data.run, data.what);
  };
  const queue = [...how.runs];
  const lane = async () => {
    while (queue.length > 0 && !(how.stop && result.losses.length > 0)) {
      const run = queue.shift();
      const realm = await newRealm(entry, { ...how.access, baseUrl: `${how.access.baseUrl}/run/${run}/` });
      const attacker = new Attacker(realm.realm, secret, { run, stranger: how.stranger, module });
      if (put(rootsOf(realm.realm), all[run], attacker)) {
        result.varied++;
        const { outcome, isolation } = await live(realm);
        result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1;
        if (isolation === "page") lose(run, "the client lives in the page");
        for (const what of attacker.loot) lose(run, what);
        if (attacker.uses === 0) result.unused++;
      } else {
        result.absent++;
      }
      realm.end();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  // What the attacker's Workers have said is in this page's queue of events already.
  await new Promise((resolve) => setTimeout(resolve));
  channel.close();
  return result;
}

function shuffled(list, seed) {
  const next = random(seed);
  const result = [...list];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(next() * (index + 1));
    [result[index], result[other]] = [result[other], result[index]];
  }
  return result;
}
