import { createClient } from "@ansdev/player";
import "@ansdev/player/element";

const video = document.querySelector("ansdev-video");
video.addEventListener("error", () => {
  document.querySelector("[role=alert]").textContent = video.error.message;
});

// What your server tells the page; a test tells it something else.
const { access, lesson } = await (await fetch("/config.json")).json();
video.client = await createClient(access);
video.videoId = lesson;
