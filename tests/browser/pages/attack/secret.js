/**
 * Recognises an API key, whole or in part and in whatever form, in texts and in bytes. Runs in pages and in Node alike.
 *
 * The first 12 characters are public; the other 28 are the secret.
 */
const PUBLIC_PREFIX = 12;
/** Characters of one piece to look for; with a piece at every third character, 12 characters of the secret are found. */
const PIECE = 10;
const STEP = 3;

export class Secret {
  #needles;

  constructor(key) {
    const secret = key.slice(PUBLIC_PREFIX);
    const pieces = [];
    for (let at = 0; at + PIECE <= secret.length; at += STEP) pieces.push(secret.slice(at, at + PIECE));
    const codes = (text) => Array.from(text, (letter) => letter.charCodeAt(0));
    this.#needles = [
      ...pieces,
      ...pieces.map((piece) => piece.toUpperCase()),
      Array.from(secret).reverse().join(""),
      codes(secret).join(),
      codes(secret)
        .map((code) => code.toString(16))
        .join(""),
      // Base64 of a text depends on where among its bytes the secret begins.
      ...[0, 1, 2].map((offset) => btoa(secret.slice(offset)).slice(0, 32)),
      // The sixteen bytes that the digits stand for.
      String.fromCharCode(...pairs(secret).map((digits) => parseInt(digits, 16))),
    ];
  }

  /** Whether the secret, or a good part of it, is in a text. */
  isInText(text) {
    return this.#needles.some((needle) => text.includes(needle));
  }

  /** The same for bytes, also where a letter takes two or four of them. */
  isInBytes(bytes) {
    const text = latin1(bytes);
    return this.isInText(text) || this.isInText(text.replaceAll("\0", ""));
  }
}

/** Without a regular expression, which would show the secret as `RegExp.input` to everybody. */
function pairs(text) {
  const result = [];
  for (let at = 0; at < text.length; at += 2) result.push(text.slice(at, at + 2));
  return result;
}

const BLOCK = 32_768;

/** Each byte as one letter. `TextDecoder` knows no encoding that does this to all of them. */
function latin1(bytes) {
  const blocks = [];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    blocks.push(String.fromCharCode.apply(null, bytes.subarray(at, at + BLOCK)));
  }
  return blocks.join("");
}
