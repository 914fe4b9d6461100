// The backend that is asked: its addresses, the keys, and how many tokens were spent.
import { Secrets } from "./secrets.mjs";
import { unseen } from "./verdicts.mjs";

/** The origin of a page that is not Ansdev's. */
export const ORIGIN = "https://page.example";
/** An id that no video has. */
const NO_VIDEO = "vid_ansdev_player_probe";
/** Milliseconds for an answer. */
const TIMEOUT = 15_000;
/** Bytes of a body; playlists of long films have a few hundred thousand. */
const MAX_BYTES = 8 << 20;

/** What came back. */
class Answer {
  constructor({ status, headers }, body) {
    this.status = status;
    this.headers = headers;
    this.bytes = body.length;
    this.text = body.toString();
  }

  get isSuccess() {
    return this.status >= 200 && this.status < 300;
  }

  /** Empty where there is none. */
  header(name) {
    return this.headers.get(name) ?? "";
  }

  get json() {
    try {
      return JSON.parse(this.text);
    } catch {
      return {};
    }
  }

  get errorCode() {
    return this.json?.error?.code;
  }

  /** The `data` of an answer to this request that succeeded. */
  data(request) {
    return this.isSuccess ? (this.json?.data ?? {}) : unseen(`${request} answers ${this}`);
  }

  /** Whether a page of {@link ORIGIN} can read it. */
  get isReadable() {
    return ["*", ORIGIN].includes(this.header("access-control-allow-origin"));
  }

  /** Whether a header that lists names has this one; `*` stands for every name. */
  lists(header, name) {
    const names = this.header(header).split(",");
    return names.some((listed) => ["*", name.toLowerCase()].includes(listed.trim().toLowerCase()));
  }

  /** Its status, and the code of its error. */
  toString() {
    return `${this.status} ${this.errorCode ?? ""}`.trim();
  }
}

export class Backend {
  secrets = new Secrets();
  minted = 0;
  #key;

  /** `facts`: what `src/api` knows of the API. The keys are the environment's. */
  constructor(base, facts) {
    this.base = base;
    this.facts = facts;
    this.#key = this.key("ANSDEV_API_KEY");
  }

  /** The key in this variable of the environment. */
  key(variable) {
    const key = process.env[variable];
    this.secrets.add(key);
    return key;
  }

  /** Reads an address of the API with the key. */
  get(path) {
    return this.#send("GET", this.base + path, { [this.facts.keyHeader]: this.#key });
  }

  /** Reads an address without the key. */
  read(url) {
    return this.#send("GET", url);
  }

  /** Opens an address as a frame does. */
  open(url) {
    return this.#fetch(url, {});
  }

  /** Asks whether a page may mint. */
  preflight() {
    const asked = { "access-control-request-method": "POST", "access-control-request-headers": this.facts.keyHeader };
    return this.#send("OPTIONS", this.#mintAddress(NO_VIDEO), asked);
  }

  /** Mints for a video that does not exist or is not ready, which spends nothing, with this key or none. */
  mintNothing(key = this.#key, video = NO_VIDEO) {
    return this.#send("POST", this.#mintAddress(video), key === "" ? {} : { [this.facts.keyHeader]: key });
  }

  /** Spends a token. Its text is a secret from then on. */
  async mint(video) {
    this.minted++;
    const answer = await this.#send("POST", this.#mintAddress(video), { [this.facts.keyHeader]: this.#key });
    this.secrets.add(answer.json?.data?.token);
    return answer;
  }

  #mintAddress(video) {
    return `${this.base}${this.facts.videos}/${encodeURIComponent(video)}/playback-token`;
  }

  #send(method, url, headers = {}) {
    return this.#fetch(url, { method, headers: { ...headers, origin: ORIGIN }, redirect: "manual" });
  }

  async #fetch(url, init) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT) });
      const chunks = [];
      let size = 0;
      for await (const chunk of response.body ?? []) {
        chunks.push(chunk);
        if ((size += chunk.length) > MAX_BYTES) throw new Error(`a body of more than ${MAX_BYTES} bytes`);
      }
      return new Answer(response, Buffer.concat(chunks));
    } catch (error) {
      return unseen(`no answer: ${error.cause?.message || error.message}`);
    }
  }
}
