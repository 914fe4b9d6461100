/** The attacker's Worker: it plays the SDK's part as far as it goes, and tells when it is sent a key. */
const run = Number(new URL(location.href).searchParams.get("run"));
const channel = new BroadcastChannel("attacker");

function holdsKey(value, depth = 0) {
  if (typeof value === "string") return value.includes("ak_test_");
  if (ArrayBuffer.isView(value)) return holdsKey(new TextDecoder().decode(value));
  if (value instanceof ArrayBuffer) return holdsKey(new Uint8Array(value));
  if (typeof value !== "object" || value === null || depth > 4) return false;
  return Object.values(value).some((entry) => holdsKey(entry, depth + 1));
}

function hear({ data, ports }) {
  if (holdsKey(data)) channel.postMessage({ run, what: "the attacker's Worker was sent the key" });
  for (const port of [data?.port, ...ports]) {
    if (!(port instanceof MessagePort)) continue;
    port.onmessage = hear;
    port.postMessage({ type: "booted", version: data.version });
  }
}

globalThis.onmessage = hear;
