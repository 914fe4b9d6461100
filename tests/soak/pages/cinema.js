import { createClient } from "@ansdev/player";
import "@ansdev/player/element";
import { hlsConfig } from "@ansdev/player/hls";
import Hls from "hls.js";

import { Film } from "./film.js";

/** Little, so that keys and segments are asked for all the time. */
const BUFFER = { maxBufferLength: 8, maxMaxBufferLength: 8, backBufferLength: 4 };
/** Milliseconds between two looks at the pictures, and between two requests for a key. */
const LOOK = 250;
const ASK = 1_000;
/** Errors that are told word by word; all are counted. */
const MAX_ERRORS = 20;

/** Films that play side by side, as on a site with many players; and what became of them. */
class Cinema {
  films = new Map();
  /** What a page that forgets holds on to. */
  kept = [];
  errors = [];
  seen = { stalls: 0, errors: 0, keys: 0, expired: 0 };

  /** `isForgetful`: the page keeps what it ought to let go of. */
  async open(access, isForgetful) {
    this.isForgetful = isForgetful;
    this.baseUrl = access.baseUrl;
    this.client = await createClient({ ...access, shareAcrossTabs: true });
    setInterval(() => {
      for (const film of this.films.values()) if (film.look(performance.now())) this.seen.stalls++;
    }, LOOK);
    setInterval(() => {
      for (const film of this.films.values()) void this.#ask(film);
    }, ASK);
  }

  /** Plays a film; resolves when it does. */
  async show(name, how, videoId) {
    const film = how === "element" ? await this.#inElement(this.client, videoId) : await this.#byHand(videoId);
    this.films.set(name, film);
  }

  end(name) {
    const film = this.films.get(name);
    this.films.delete(name);
    this.#letGo(film);
  }

  async restart(name, how, videoId) {
    this.end(name);
    await this.show(name, how, videoId);
  }

  seek(name, at) {
    this.films.get(name).seek(at);
  }

  pause(name) {
    this.films.get(name).pause();
  }

  async play(name) {
    await this.films.get(name).play();
  }

  /** A client of its own, from its creation to its end. */
  async shortLife(access, videoId) {
    const client = await createClient(access);
    const film = await this.#inElement(client, videoId);
    this.#letGo(film);
    client.destroy();
  }

  /** Whether every film that should play has just shown a picture. */
  isSettled() {
    return [...this.films.values()].every((film) => !film.isWaiting(performance.now()));
  }

  /** The state of its video elements and sessions, for a run that hangs. */
  state() {
    const videos = [...document.querySelectorAll("ansdev-video, video")].map((element) => {
      const { currentTime, readyState, networkState, paused, error } = element;
      const buffered = [...Array(element.buffered.length).keys()].map((i) => [
        element.buffered.start(i),
        element.buffered.end(i),
      ]);
      return {
        currentTime,
        readyState,
        networkState,
        paused,
        buffered,
        error: error?.message,
        session: element.session?.state,
      };
    });
    return JSON.stringify(videos);
  }

  report() {
    return { ...this.seen, words: this.errors };
  }

  #letGo(film) {
    film.stop();
    if (this.isForgetful) this.kept.push(film);
  }

  async #inElement(client, videoId) {
    const element = document.createElement("ansdev-video");
    Object.assign(element, { client, videoId, hlsConfig: BUFFER, muted: true, width: 320 });
    element.addEventListener("error", () => {
      if (element.isConnected) this.#note(element.error?.message);
    });
    document.body.append(element);
    await element.play();
    return new Film(element.session, element.nativeEl, videoId, () => element.remove());
  }

  /** With hls.js, as a page that has a player of its own. */
  async #byHand(videoId) {
    const session = await this.client.openSession(videoId);
    const video = document.body.appendChild(document.createElement("video"));
    Object.assign(video, { muted: true, loop: true, width: 320 });
    const hls = new Hls(hlsConfig(session, BUFFER));
    hls.on(Hls.Events.ERROR, (_name, { fatal, details }) => {
      if (fatal) this.#note(details);
    });
    const onVisibility = () => session.setActive(!document.hidden && !video.paused);
    document.addEventListener("visibilitychange", onVisibility);
    hls.loadSource(await session.manifestUrl());
    hls.attachMedia(video);
    await video.play();
    return new Film(session, video, videoId, () => {
      hls.destroy();
      video.remove();
      if (this.isForgetful) return;
      document.removeEventListener("visibilitychange", onVisibility);
      session.destroy();
    });
  }

  /** A key, with the token that the session hands out at this moment: so tokens of every age are seen. */
  async #ask(film) {
    if (!film.isPlaying) return;
    try {
      const url = await film.session.resolve(`${this.baseUrl}/video/key/${film.videoId.replace("vid_", "job_")}`);
      if (endOf(url) <= Date.now()) this.seen.expired++;
      // A connection that is dropped is a fault that the test has set.
      const response = await fetch(url).catch(() => undefined);
      if (response?.status === 401) film.session.invalidate(url);
      if (response?.ok && (await response.arrayBuffer()).byteLength === 16) this.seen.keys++;
    } catch (error) {
      if (film.isPlaying) this.#note(`${error.code}: ${error.message}`);
    }
  }

  #note(words) {
    this.seen.errors++;
    if (this.errors.length < MAX_ERRORS) this.errors.push(String(words));
  }
}

/** When the token in a key's address ends, in Unix milliseconds. */
function endOf(url) {
  const [, claims] = url.split("/key/")[1].split(".");
  return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000;
}

window.cinema = new Cinema();
