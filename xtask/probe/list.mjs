// The list of videos, and what it says of each.
import { differs, unseen } from "./verdicts.mjs";

const ASSUMPTIONS = ["list-page", "list-limit", "list-default", "list-cursor", "video-fields"];

const isText = (value) => typeof value === "string";
const isNumber = (value) => typeof value === "number";
const isObject = (value) => value !== null && typeof value === "object";
/** Whether it can stand in an address as one segment. */
const isId = (value) => isText(value) && value.length <= 64 && !["", ".", ".."].includes(value);

/** What the fields of a video are. */
const FIELDS = {
  id: isText,
  title: isText,
  status: isText,
  quality: (value) => value === null || isText(value),
  durationSeconds: (value) => value === null || isNumber(value),
  encrypted: (value) => typeof value === "boolean",
  createdAt: (value) => isText(value) && !Number.isNaN(Date.parse(value)),
};

/** The names of an object's members, without their values. */
export function members(value) {
  return isObject(value) ? `there are ${Object.keys(value).join(", ")}` : "it is no object";
}

/**
 * Reads the list in several ways. Resolves to the ids of videos that play, the encrypted ones first, because they show
 * more, and to that of one that does not.
 */
export async function probeList(backend, verdicts) {
  const { limitDefault, limitMax, videos: path } = backend.facts;
  const list = (query) => backend.get(path + query);
  const idsOf = ({ videos }) => (Array.isArray(videos) ? videos.map((video) => video?.id) : []);
  const whole = await verdicts.group(ASSUMPTIONS, async () => (await list("")).data("the list"));
  if (whole === undefined) return { playable: [] };
  const { videos, nextCursor } = whole;

  await verdicts.check("list-page", () => {
    if (!Array.isArray(videos) || !(isText(nextCursor) || nextCursor == null)) differs(members(whole));
  });
  await verdicts.check("list-limit", async () => {
    for (const [limit, isValid] of [
      [1, true],
      [limitMax, true],
      [0, false],
      [limitMax + 1, false],
    ]) {
      const answer = await list(`?limit=${limit}`);
      const isRejected = answer.status >= 400 && answer.status < 500;
      if (answer.isSuccess !== isValid || isRejected === isValid) differs(`limit=${limit} answers ${answer}`);
      const count = idsOf(answer.json?.data ?? {}).length;
      if (limit === 1 && count > 1) differs(`limit=1 answers ${count} videos`);
    }
  });
  if (!Array.isArray(videos)) {
    await verdicts.group(ASSUMPTIONS, () => unseen("the list has no `videos`"));
    return { playable: [] };
  }
  await verdicts.check("list-default", () => {
    const hasMore = isText(nextCursor);
    const isDefault = hasMore ? videos.length === limitDefault : videos.length <= limitDefault;
    if (!isDefault) differs(`${videos.length} videos and ${hasMore ? "a" : "no"} cursor`);
  });
  await verdicts.check("list-cursor", async () => {
    const [first, second = unseen("there are not two videos")] = idsOf(whole);
    const one = (await list("?limit=1")).data("the list");
    if (idsOf(one).join() !== first) unseen("limit=1 does not give the first video alone");
    if (!isText(one.nextCursor)) differs("a page that is not the last has no `nextCursor`");
    const answer = await list(`?limit=1&cursor=${encodeURIComponent(one.nextCursor)}`);
    if (!answer.isSuccess) differs(`it answers ${answer}`);
    if (idsOf(answer.json?.data ?? {}).join() !== second) differs("it does not lead to the next video");
  });
  await verdicts.check("video-fields", async () => {
    const id = idsOf(whole).find(isId) ?? unseen("there is no video");
    const single = await backend.get(`${path}/${encodeURIComponent(id)}`);
    for (const video of [...videos, single.data("the video")]) {
      if (!isObject(video)) differs("a video that is no object");
      for (const [name, isRight] of Object.entries(FIELDS)) {
        if (!Object.hasOwn(video, name)) differs(`no \`${name}\`; ${members(video)}`);
        if (!isRight(video[name])) differs(`\`${name}\` is ${JSON.stringify(video[name])}`);
      }
    }
  });

  const known = videos.filter((video) => isId(video?.id));
  const isReady = ({ status }) => status === "COMPLETED";
  const ready = known.filter(isReady).toSorted((one, other) => other.encrypted - one.encrypted);
  // One that failed stays as it is while the probe looks at it.
  const unready = known.find(({ status }) => status === "FAILED") ?? known.find((video) => !isReady(video));
  return { playable: ready.map(({ id }) => id), unready: unready?.id };
}
