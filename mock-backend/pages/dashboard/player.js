// The dashboard's own player: the cookie of the session opens /video/key/{jobId}, which the playlist names.
const video = document.querySelector("#video");
const status = document.querySelector("#playing");
try {
  await import("/sdk/hls.light.js");
  const Hls = globalThis[Symbol.for("@ansdev/player/hls.light.js")];
  const hls = new Hls();
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (data.fatal) status.textContent = `Cannot be played: ${data.details}`;
  });
  hls.loadSource(video.dataset.playlist);
  hls.attachMedia(video);
} catch {
  status.textContent = "The player is not built yet: run `cargo xtask build`, then load this page again.";
}
