/**
 * A film over plain hls.js, and the ways in which pages keep its tokens fresh. For virtual time, in which no media plays:
 * everything is loaded, decrypted and put into the buffer as ever, but the playhead is moved on by a timer, as far as the
 * buffer reaches.
 */
import { createClient } from "@ansdev/player";
import { hlsConfig } from "@ansdev/player/hls";
import Hls from "hls.js/light";

// Its answers come from another thread, for which virtual time does not wait; without it hls.js decrypts by itself.
Object.defineProperty(crypto, "subtle", { value: undefined });

const FOUR_MINUTES = 240_000;

/** Puts a token into the requests that need one. `token` is asked before each. */
function byHand(baseUrl, token) {
  return {
    xhrSetup: async (xhr, url) => {
      const { pathname, search } = new URL(url);
      const [, job] = /^\/video\/key\/(.+)$/.exec(pathname) ?? [];
      if (job) xhr.open("GET", `${baseUrl}/v1/video/playback/key/${await token()}/${job}${search}`);
    },
  };
}

async function mint({ apiKey, baseUrl }, videoId) {
  const url = `${baseUrl}/v1/video/${videoId}/playback-token`;
  const answer = await fetch(url, { method: "POST", headers: { "x-ansdev-key": apiKey } });
  return (await answer.json()).data.token;
}

/** Each gives hls.js's configuration, and the playlist's address. */
const WAYS = {
  session: async (access, videoId) => {
    const session = await (await createClient(access)).openSession(videoId);
    return { config: hlsConfig(session), playlist: await session.manifestUrl() };
  },
  oneToken: async (access, videoId) => {
    const token = await mint(access, videoId);
    return started(access, () => token);
  },
  interval: async (access, videoId) => {
    let token = await mint(access, videoId);
    setInterval(async () => {
      token = await mint(access, videoId);
    }, FOUR_MINUTES);
    return started(access, () => token);
  },
  everyRequest: async (access, videoId) => started(access, () => mint(access, videoId)),
};

async function started({ baseUrl }, token) {
  return { config: byHand(baseUrl, token), playlist: `${baseUrl}/v1/video/playback/manifest/${await token()}` };
}

/** Begins the film; what is given back counts its seconds. */
window.play = async (way, access, videoId) => {
  const video = document.createElement("video");
  video.muted = true;
  document.body.append(video);
  const { config, playlist } = await WAYS[way](access, videoId);
  const hls = new Hls({ ...config, enableWorker: false, backBufferLength: 30 });
  const film = { shown: 0, stalls: 0 };
  const buffered = new Promise((resolve) => hls.once(Hls.Events.FRAG_BUFFERED, resolve));
  hls.loadSource(playlist);
  hls.attachMedia(video);
  await buffered;

  let isStalled = false;
  setInterval(() => {
    const next = video.currentTime + 1;
    const isLoaded = [...Array(video.buffered.length).keys()].some(
      (i) => video.buffered.start(i) <= next && next <= video.buffered.end(i),
    );
    if (isLoaded) {
      video.currentTime = next;
      film.shown++;
    } else if (!isStalled) {
      film.stalls++;
    }
    isStalled = !isLoaded;
  }, 1_000);
  return film;
};
