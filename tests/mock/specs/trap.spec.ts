import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import binaryen from "binaryen";

import { expect, test } from "../support/install.ts";

/** The module as it is, but for one thing: an exported function is an `unreachable`, which is how a panic ends. */
function trapping(bytes: Uint8Array, name: string): Uint8Array {
  const module = binaryen.readBinary(bytes);
  // Named one by one: with all of them binaryen writes compact imports, which Node cannot read.
  const { BulkMemory, BulkMemoryOpt, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt } =
    binaryen.Features;
  const features = [BulkMemory, BulkMemoryOpt, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt];
  module.setFeatures(features.reduce((all, feature) => all | feature));
  const exports = Array.from({ length: module.getNumExports() }, (_, at) =>
    binaryen.getExportInfo(module.getExportByIndex(at)),
  );
  const target = exports.find((exported) => exported.name === name)?.value ?? "";
  const { params, results } = binaryen.getFunctionInfo(module.getFunction(target));
  module.removeFunction(target);
  module.addFunction(target, params, results, [], module.unreachable());
  const changed = module.emitBinary();
  module.dispose();
  return changed;
}

test("a trap ends its mock with an error that names the request, and no other mock", async ({ installed }) => {
  const whole = join(installed.folder, "node_modules/@ansdev/mock-backend");
  const broken = join(installed.folder, "broken");
  cpSync(whole, broken, { recursive: true });
  const wasm = join(broken, "dist/mock-backend.wasm");
  writeFileSync(wasm, trapping(readFileSync(wasm), "poll"));

  // A request that has waited goes on with `poll`.
  const heard = await installed.run(`
    const { startMockBackend } = await import("@ansdev/mock-backend");
    const { startMockBackend: startBroken } = await import("./broken/dist/index.js");
    const [sound, mock] = [await startMockBackend(), await startBroken()];
    mock.setFault({ route: "get", kind: "latency", value: 20 });
    const told = (error) => error.name + ": " + error.message;
    const path = "/v1/video/vid_clear?k=" + mock.apiKey;
    const overSocket = fetch(mock.url + path).then(() => "answered", told);
    const direct = mock.fetch(mock.url + path).then(() => "answered", told);
    const outcome = { overSocket: await overSocket, direct: await direct };
    try { mock.journal(); } catch (error) { outcome.later = told(error); }
    outcome.gone = await fetch(mock.url).then(() => false, () => true);
    const list = { headers: { "x-ansdev-key": sound.apiKey } };
    outcome.sound = (await fetch(sound.url + "/v1/video", list)).status;
    await mock.stop();
    await sound.stop();
    console.log(JSON.stringify(outcome));
  `);
  const crashed =
    "MockBackendError: The mock backend crashed while it answered GET /v1/video/vid_clear (unreachable). It answers " +
    "nothing more; start another one. This is a fault of the mock: please report it.";
  expect(JSON.parse(heard)).toEqual({
    overSocket: "TypeError: fetch failed",
    direct: crashed,
    later: crashed,
    gone: true,
    sound: 200,
  });
});
