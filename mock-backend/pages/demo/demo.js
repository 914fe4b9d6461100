// Shows what the SDK does while a video plays, with its public API and nothing else.
import { Timeline } from "./timeline.js";
import * as trouble from "./trouble.js";

const { createClient } = window.Ansdev;
const $ = (id) => document.getElementById(id);
const element = document.querySelector("ansdev-video");
const timeline = new Timeline($("timeline"));
// So little that keys are asked for all along the film, and trouble is met at once.
element.hlsConfig = { maxBufferLength: 6, maxMaxBufferLength: 6 };

/** Why there is no token, by the session's state. */
const WITHOUT = {
  idle: "none is minted while nobody watches",
  minting: "the next is being fetched",
  retrying: "the next could not be fetched yet",
  failed: "no other will come",
  exhausted: "the day's tokens are spent",
};

/** The session that plays, and what the page remembers of it. */
let session = null;
let life = null;
let askedAt = 0;
let minted = 0;

function log(name, sentence, isBad = false) {
  const row = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = new Date().toLocaleTimeString("en-GB");
  const strong = document.createElement("b");
  strong.textContent = name;
  strong.classList.toggle("bad", isBad);
  const span = document.createElement("span");
  span.textContent = sentence;
  row.append(time, strong, span);
  $("log").querySelector(".muted")?.remove();
  $("log").prepend(row);
  while ($("log").childElementCount > 60) $("log").lastElementChild.remove();
}

function showProblem(error) {
  $("problem").hidden = !error;
  if (error) $("problem-text").textContent = error.message;
}

async function play(client, video) {
  session?.destroy();
  session = null;
  life = null;
  timeline.clear();
  showProblem(null);
  log("video", `${video.title} (${video.id})`);
  session = await client.openSession(video.id);
  watch(session);
  element.session = session;
  await element.play();
}

function watch(opened) {
  opened.addEventListener("tokenrefreshing", ({ detail }) => {
    askedAt = Date.now();
    log(
      "tokenrefreshing",
      { initial: "the first one", refresh: "the old one nears its end", rejected: "it was refused" }[detail.reason],
    );
  });
  opened.addEventListener("tokenrefreshed", ({ detail }) => {
    minted++;
    life = { mintedAt: askedAt, expiresAt: detail.expiresAt };
    timeline.add(askedAt, detail.expiresAt);
    log("tokenrefreshed", `valid for ${Math.round((detail.expiresAt - askedAt) / 1000)} s`);
  });
  opened.addEventListener("tokenerror", ({ detail }) => {
    timeline.fault(Date.now(), detail.error.code);
    log(
      "tokenerror",
      `${detail.error.code}: ${detail.error.message}${detail.willRetry ? " (will try again)" : ""}`,
      true,
    );
  });
}

function showQuota({ limit, remaining, reset }) {
  const resets = new Date(reset * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  $("quota").textContent = remaining.toLocaleString("en-GB");
  $("quota-unit").textContent = `of ${limit.toLocaleString("en-GB")} left today`;
  $("quota-meter").value = remaining / limit;
  $("reset").textContent = `Counted per key and UTC day; starts again at ${resets} your time.`;
}

function showToken() {
  const now = Date.now();
  const left = life ? (life.expiresAt - now) / 1000 : 0;
  const isLapsed = life !== null && left <= 0;
  const state = isLapsed && session?.state === "live" ? "lapsed" : (session?.state ?? "idle");
  const badge = $("state");
  if (badge.textContent !== state) badge.textContent = badge.dataset.state = state;
  if (life) {
    $("left").textContent = isLapsed ? "0" : left >= 100 ? String(Math.round(left)) : left.toFixed(1);
    $("left-unit").textContent = isLapsed ? `s left; ${WITHOUT[state] ?? WITHOUT.idle}` : "s until it expires";
    const share = Math.max(0, (life.expiresAt - now) / (life.expiresAt - life.mintedAt));
    $("life").style.width = `${share * 100}%`;
    $("life").toggleAttribute("data-ending", share < 0.2);
  } else {
    $("left").textContent = "–";
    $("left-unit").textContent = "no token yet";
    $("life").style.width = "0";
  }
  $("minted").textContent = String(minted);
  const isWatched = life !== null && !element.paused && !element.ended;
  $("next").textContent = !isWatched
    ? "when one is needed"
    : isLapsed
      ? "as soon as one comes"
      : "shortly before it expires";
  timeline.draw(now);
}

/** As smooth as the viewer wants it. */
function animate() {
  const pause = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1_000 : 100;
  showToken();
  setTimeout(() => requestAnimationFrame(animate), pause);
}

/** The client, with a key that works. */
async function connect(apiKey, baseUrl) {
  const client = await createClient({ apiKey, baseUrl });
  $("prefix").textContent = `${client.keyPrefix}…`;
  $("isolation").textContent =
    client.isolation === "worker"
      ? "Sealed in a Worker of its own: no script of this page can read it back."
      : "In the page itself: the browser or a policy allows no Worker.";
  for (const type of ["quotachange", "quotalow", "quotaexceeded"]) {
    client.addEventListener(type, ({ detail }) => {
      showQuota(detail);
      if (type !== "quotachange") log(type, `${detail.remaining} of ${detail.limit} tokens are left`, true);
    });
  }
  return client;
}

async function start() {
  const response = await fetch("/demo/config.json");
  const { apiKey, baseUrl, videos } = await response.json();
  for (const { id, title, status, encrypted } of videos) {
    const kind = status === "COMPLETED" ? (encrypted ? "encrypted" : "clear") : status;
    $("video").append(new Option(`${title} · ${kind}`, id));
  }
  // Its keys rotate for longer than a token lives, so that renewals are seen.
  $("video").value = videos.find(({ id }) => id === "vid_ten_minutes")?.id ?? $("video").value;
  let client = await connect(apiKey, baseUrl);
  const choose = () =>
    play(
      client,
      videos.find(({ id }) => id === $("video").value),
    ).catch(told);
  $("video").addEventListener("change", choose);
  $("retry").addEventListener("click", () => {
    showProblem(null);
    element.play().catch(told);
  });
  element.addEventListener("error", () => showProblem(element.error));
  element.addEventListener("playing", () => showProblem(null));
  choose();

  if (!(await trouble.isInControl())) return;
  $("trouble").hidden = false;
  offerTrouble({
    prefix: () => client.keyPrefix,
    renewKey: async () => {
      const next = await connect(await trouble.newKey(), baseUrl);
      client.destroy();
      client = next;
      choose();
    },
  });
}

/** What each button does, and its line on the chart. */
function offerTrouble({ prefix, renewKey }) {
  let isRevoked = false;
  const note = (label, sentence) => {
    timeline.mark(Date.now(), label);
    log("you", sentence);
  };
  const on = (id, act) => {
    $(id).addEventListener("click", () => act($(id)).catch((error) => log("you", error.message, true)));
  };
  on("revoke", async (button) => {
    await (isRevoked ? renewKey() : trouble.revoke(prefix()));
    isRevoked = !isRevoked;
    button.textContent = isRevoked ? "Make a new key" : "Revoke the key";
    note(
      isRevoked ? "revoked" : "new key",
      isRevoked ? "revoked the key: the next mint is rejected" : "made a new key",
    );
  });
  for (const [id, sentences] of Object.entries({
    cut: ["cut the network: every request fails", "restored the network"],
    slow: ["delayed every answer by 3 s", "removed the delay"],
  })) {
    on(id, async (button) => {
      const isOn = button.getAttribute("aria-pressed") === "false";
      const other = id === "cut" ? "slow" : "cut";
      const isOtherOn = $(other).getAttribute("aria-pressed") === "true";
      await trouble.setFaults([...(isOn ? [id] : []), ...(isOtherOn ? [other] : [])]);
      button.setAttribute("aria-pressed", String(isOn));
      note(isOn ? id : `${id} ends`, sentences[isOn ? 0 : 1]);
    });
  }
  on("sleep", async () => {
    await trouble.sleep();
    note("slept", "moved the backend's clock by an hour: the token has expired, and the page does not know");
  });
}

/** What stops a video is on the page already; an interruption by the next choice is no news. */
function told(error) {
  if (error.name === "AnsdevError") showProblem(error);
  else if (error.name !== "AbortError") log("play", error.message, true);
}

animate();
start().catch(showProblem);
