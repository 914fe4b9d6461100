// How large files are, raw and as brotli 11, which is how a CDN serves them. By itself: prints the sizes of the files
// that it is given.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };

export const sizeOf = (bytes) => ({ raw: bytes.length, brotli: brotliCompressSync(bytes, { params }).length });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(process.argv.slice(2).map((file) => sizeOf(readFileSync(file)))));
}
