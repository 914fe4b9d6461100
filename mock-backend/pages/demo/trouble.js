/** The mock's control plane, as buttons: what a viewer's evening may bring. */

const SLOW_MS = 3_000;
const SLEEP_SECONDS = 3_600;

async function control(method, path, body) {
  const response = await fetch(`/_mock/${path}`, {
    method,
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} /_mock/${path}: HTTP ${response.status}`);
  return response.status === 204 ? null : response.json();
}

/** Whether the mock was started with `--control`. */
export async function isInControl() {
  return control("GET", "clock").then(
    () => true,
    () => false,
  );
}

/** Another API key. */
export async function newKey() {
  return (await control("POST", "keys", { name: "demo page" })).apiKey;
}

/** Revokes the key with this prefix. */
export async function revoke(prefix) {
  await control("DELETE", `keys/${prefix}`);
}

/** An hour passes for the backend alone, as while a laptop sleeps whose clocks stand still. */
export async function sleep() {
  await control("POST", "clock", { advanceSeconds: SLEEP_SECONDS });
}

const FAULTS = {
  cut: { route: "*", kind: "drop" },
  slow: { route: "*", kind: "latency", value: SLOW_MS },
};

/** Sets the named faults, and takes all others back. */
export async function setFaults(names) {
  await control("DELETE", "faults");
  for (const name of names) await control("POST", "faults", FAULTS[name]);
}
