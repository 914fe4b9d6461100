/**
 * One cell of the matrix (tests/engines/support/matrix): does what its values say, and judges by the promise alone.
 * Whatever the world does, an element that was asked to play plays within 15 seconds or has an error with a typed cause; when the
 * cause has gone, it plays, and nothing is left on the screen.
 */
const { cell, facts, thrown } = window;
/** Milliseconds. What is promised, and what a busy machine may take besides. */
const PROMISED = 15_000;
const BUSY = 8_000;
/** By when what was interrupted must have tried again by itself, and play. */
const AGAIN = 35_000;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const isTyped = (error) => error?.name === "AnsdevError" && typeof error.code === "string";
const wrong = [];
/** Promises that must settle, by what they are of. */
const unsettled = new Set();

function mustSettle(what, promise) {
  unsettled.add(what);
  promise.then(
    () => unsettled.delete(what),
    (error) => {
      unsettled.delete(what);
      // play() rejects with a DOMException as the browser's own does, where it was paused or removed.
      if (!isTyped(error) && !(what.startsWith("play") && error?.name === "AbortError"))
        wrong.push(`${what} rejected with ${String(error)}`);
    },
  );
}

async function getToken({ videoId, signal }) {
  const headers = { "x-ansdev-key": facts.apiKey };
  const url = `${facts.baseUrl}/v1/video/${videoId}/playback-token`;
  const answer = await fetch(url, { method: "POST", headers, signal });
  if (!answer.ok) throw answer;
  return (await answer.json()).data;
}

function options() {
  const { apiKey, baseUrl } = facts;
  if (cell.credential === "getToken") return { getToken, baseUrl };
  if (cell.credential === "a key, shared by tabs") return { apiKey, baseUrl, shareAcrossTabs: true };
  return { apiKey, baseUrl, ...(cell.credential === "a key in the page" && { isolation: "page" }) };
}

async function load() {
  if (facts.entry) return import(facts.entry);
  const [player] = await Promise.all([
    import("@ansdev/player"),
    import("@ansdev/player/element"),
    import("@ansdev/player/player"),
  ]);
  return player;
}

function hide(isHidden) {
  Object.defineProperty(document, "visibilityState", {
    configurable: true,
    get: () => (isHidden ? "hidden" : "visible"),
  });
  document.dispatchEvent(new Event("visibilitychange"));
}

const outcomeOf = (element) => {
  const media = element.media ?? element;
  const { error } = element;
  if (error) return "error";
  return !media.paused && media.currentTime > mark + 0.2 ? "plays" : undefined;
};
let mark = 0;

/** Waits for an outcome; what is neither in time breaks the promise. */
async function until(element, isIt, milliseconds) {
  const end = performance.now() + milliseconds;
  for (;;) {
    const outcome = outcomeOf(element);
    if (isIt(outcome)) return outcome;
    if (performance.now() > end) return undefined;
    await pause(50);
  }
}

const place = (element) => {
  if (!element.isConnected) document.body.prepend(element);
};

function ask(element, how, count) {
  const media = element.media ?? element;
  if (how === "by autoplay") element.setAttribute("autoplay", "");
  else if (how === "by the browser's own controls") media.nativeEl.play().catch(() => undefined);
  else mustSettle(`play() ${count}`, element.play());
  if (how === "twice") mustSettle(`play() ${count}, again`, element.play());
}

async function run() {
  if (cell.sight === "hidden at first") hide(true);
  let element = document.querySelector(cell.element);
  const make = () => {
    const made = document.createElement(cell.element);
    made.setAttribute("muted", "");
    made.setAttribute("width", "160");
    return made;
  };
  if (cell.made === "before definition") element = make();
  const player = await load();
  element ??= make();
  if (cell.preload !== "none") element.setAttribute("preload", cell.preload);

  let client;
  let isRefused = false;
  const create = async () => {
    client = await player.createClient(options());
    element.client = client;
    for (const [what, promise] of [
      ["videos.get", client.videos.get(facts.videoId)],
      ["videos.list", client.videos.list()],
    ])
      mustSettle(what, promise);
  };
  const created = async () => {
    try {
      await create();
    } catch (error) {
      isRefused = true;
      if (!facts.mayEnd) wrong.push(`createClient rejected with ${String(error)}`);
      if (!isTyped(error)) wrong.push(`createClient rejected with ${String(error)}`);
    }
  };
  const identify = () => element.setAttribute("video-id", facts.videoId);
  if (cell.client === "first") {
    await created();
    identify();
  } else {
    identify();
    void (cell.client === "two seconds late" ? pause(2_000).then(created) : created());
  }

  if (cell.asked === "before it is in the page") {
    // Within a page it has been before, so that it is upgraded.
    customElements.upgrade(element);
    ask(element, cell.asked, 1);
    place(element);
  } else {
    place(element);
    ask(element, cell.asked, 1);
  }
  if (cell.stay === "moved at once") {
    const box = document.body.appendChild(document.createElement("div"));
    box.append(element);
  } else if (cell.stay === "removed before it plays" || cell.stay === "removed and back") {
    if (cell.stay === "removed and back") await pause(1_500);
    element.remove();
    await pause(700);
    place(element);
    ask(element, cell.asked === "by autoplay" ? "in the page" : cell.asked, 2);
  }
  if (cell.sight === "hidden at first") {
    await pause(1_000);
    hide(false);
  } else if (cell.sight === "hidden for a while") {
    hide(true);
    await pause(2_000);
    hide(false);
  }

  const media = element.media ?? element;
  mark = media.currentTime;
  const asked = performance.now();
  const first = await until(element, (outcome) => outcome !== undefined, PROMISED + BUSY);
  const took = Math.round(performance.now() - asked);
  const cause = element.error?.cause;
  if (first === undefined) wrong.push("it neither plays nor has an error");
  if (first === "error" && !isTyped(cause)) wrong.push(`an error without a typed cause: ${String(element.error)}`);
  await pause(500);
  for (const what of unsettled) if (what.startsWith("play")) wrong.push(`${what} is pending`);

  // What the browser lacks does not go.
  const isFinal = () => facts.mayEnd && (element.error?.cause?.code === "UNSUPPORTED" || isRefused);
  let pressed = 0;
  if (first !== undefined && !isFinal()) {
    await fetch(`/matrix/mend?${facts.id}`, { method: "POST" });
    mark = media.currentTime;
    const plays = (outcome) => outcome === "plays";
    // A mistake of the page's goes when the page mends it.
    const isUpToViewer = () =>
      element.error?.cause?.retryable === false && element.error.cause.code !== "INVALID_OPTIONS";
    let end = await until(element, plays, isUpToViewer() ? 1_500 : AGAIN);
    if (end !== "plays" && isUpToViewer()) {
      // What is final until something changes waits for the viewer.
      pressed++;
      mustSettle("play() after the error", element.play());
    }
    if (end !== "plays") end = await until(element, plays, AGAIN);
    const left = element.error?.message ?? "nothing";
    if (end !== "plays" && !isFinal())
      wrong.push(`the cause has gone, and it does not play (${media.paused ? "paused" : "waiting"}; error: ${left})`);
    const message = element.shadowRoot?.querySelector("[part~=message]");
    if (end === "plays" && message && !message.hidden) wrong.push(`on the screen is left: ${message.textContent}`);
    await pause(300);
  }
  const end = performance.now() + PROMISED;
  while (unsettled.size && performance.now() < end) await pause(100);
  for (const what of unsettled) wrong.push(`${what} is pending`);
  wrong.push(...thrown);
  const code = cause?.code ?? null;
  element.remove();
  client?.destroy();
  return { first: first ?? "nothing", code, took, pressed, wrong };
}

let result;
try {
  result = await run();
} catch (error) {
  result = { first: "nothing", code: null, took: 0, pressed: 0, wrong: [`the cell itself threw: ${error?.stack}`] };
}
await fetch(`/matrix/result?${facts.id}`, { method: "POST", body: JSON.stringify(result) });
parent.postMessage(`ended ${facts.id}`, "*");
