// Prints the raw and brotli sizes of the files it is given.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
const sizes = process.argv.slice(1).map((file) => {
  const bytes = readFileSync(file);
  return { raw: bytes.length, brotli: brotliCompressSync(bytes, { params }).length };
});
console.log(JSON.stringify(sizes));
