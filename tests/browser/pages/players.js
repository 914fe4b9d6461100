/** Plays a source of tokens with a player of the page's own; Shaka's and video.js's scripts are in the page already. */
export async function play(name, source, url) {
  const video = document.body.appendChild(document.createElement("video"));
  Object.assign(video, { muted: true, autoplay: true, width: 320 });
  const players = { hls: playWithHls, shaka: playWithShaka, videojs: playWithVideoJs };
  return players[name](video, source, url);
}

async function playWithHls(video, source, url) {
  const { attachSession } = await import("@ansdev/player/hls");
  const { default: Hls } = await import("hls.js");
  const player = new Hls({ maxBufferLength: 4, maxMaxBufferLength: 4 });
  const detach = attachSession(player, source);
  player.attachMedia(video);
  const ended = new Promise((resolve) => {
    video.addEventListener("ended", () => resolve(null));
    player.on(Hls.Events.ERROR, (_name, { fatal, error }) => {
      if (fatal) resolve(error);
    });
  });
  player.loadSource(url);
  return { video, player, detach, load: (address) => player.loadSource(address), ended };
}

async function playWithShaka(video, source, url) {
  const { attachSession } = await import("@ansdev/player/shaka");
  const player = new globalThis.shaka.Player();
  player.configure({ streaming: { bufferingGoal: 4, rebufferingGoal: 0.5 } });
  const detach = attachSession(player, source);
  await player.attach(video);
  const load = async (address) => player.load(address, null, "application/vnd.apple.mpegurl");
  const ended = new Promise((resolve) => {
    const fail = (error) => resolve(Object.assign(new Error(`Shaka ${error.code}`), { cause: error.data?.[0] }));
    video.addEventListener("ended", () => resolve(null));
    player.addEventListener("error", ({ detail }) => fail(detail));
    load(url).catch(fail);
  });
  return { video, player, detach, load: (address) => load(address).catch(() => undefined), ended };
}

async function playWithVideoJs(video, source, url) {
  const { attachSession } = await import("@ansdev/player/videojs");
  const { videojs } = globalThis;
  Object.assign(videojs.Vhs, { GOAL_BUFFER_LENGTH: 4, MAX_GOAL_BUFFER_LENGTH: 4 });
  const player = videojs(video);
  const detach = attachSession(player, source);
  const load = (src) => player.src({ src, type: "application/x-mpegURL" });
  const ended = new Promise((resolve) => {
    player.on("ended", () => resolve(null));
    player.on("error", () => {
      const { message, cause } = player.error();
      resolve(Object.assign(new Error(message), { cause }));
    });
  });
  load(url);
  return { video: player.el().querySelector("video"), player, detach, load, ended };
}
