import { createClient } from "@ansdev/player";
import { attachSession } from "@ansdev/player/shaka";
import shaka from "shaka-player";

const video = document.querySelector("video");
try {
  const client = await createClient({ apiKey: "YOUR_KEY" });
  const session = await client.openSession("YOUR_VIDEO");

  const player = new shaka.Player();
  attachSession(player, session);
  player.addEventListener("error", ({ detail }) => say(detail));
  await player.attach(video);
  await player.load(await session.manifestUrl(), null, "application/vnd.apple.mpegurl");

  // While nobody watches, no token is spent.
  const tell = () => session.setActive(!video.paused && !video.ended);
  for (const type of ["play", "pause", "ended"]) video.addEventListener(type, tell);
} catch (error) {
  say(error);
}

function say(error) {
  document.querySelector("[role=alert]").textContent = error.message;
}
