// `cargo xtask probe`: asks a backend whether what the project assumes about it is so. It spends three tokens at most,
// and sends the key to the base URL alone. No key and no token is printed.
import { Backend } from "./backend.mjs";
import { probeCors } from "./cors.mjs";
import { probeList } from "./list.mjs";
import { probeOrder } from "./order.mjs";
import { probePlayback } from "./playback.mjs";
import { Verdicts } from "./verdicts.mjs";

const [baseUrl, facts] = process.argv.slice(2);
const { protocol, hostname } = new URL(baseUrl);
const isLocal = /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
if (protocol === "https:" || isLocal) {
  const backend = new Backend(baseUrl, JSON.parse(facts));
  const verdicts = new Verdicts();
  const { playable, unready } = await probeList(backend, verdicts);
  await probeOrder(backend, verdicts, unready);
  await probeCors(backend, verdicts);
  await probePlayback(backend, verdicts, playable);
  console.log(`${verdicts.report(backend.secrets)}; ${backend.minted} tokens spent`);
  process.exitCode = verdicts.isGood ? 0 : 1;
} else {
  console.error(`${baseUrl} would send the key unencrypted; expected an https address`);
  process.exitCode = 1;
}
