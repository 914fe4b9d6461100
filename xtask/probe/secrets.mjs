// Removes secrets from what is printed.

/** Maximum length of a word that is printed whole, and how much is printed of a longer one: keys and tokens are longer. */
const MAX_WORD = 24;
const SHORTENED_WORD = 4;
/** Maximum length of a text that is printed. */
const MAX_TEXT = 200;

/** The keys and tokens of a run. */
export class Secrets {
  #secrets = [];

  add(secret) {
    if (secret) this.#secrets.push(secret);
  }

  /** Without secrets, without words that could be one, and without control characters, which terminals obey. */
  clean(text) {
    const known = this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
    const clean = known
      .replaceAll(/\p{Cc}/gu, " ")
      .replaceAll(/[\p{L}\p{N}_\-%+=]+/gu, (word) =>
        word.length > MAX_WORD ? `${word.slice(0, SHORTENED_WORD)}…` : word,
      )
      .trim();
    return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}…` : clean;
  }
}
