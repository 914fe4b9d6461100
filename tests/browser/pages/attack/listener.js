/** Milliseconds within which a promise that was answered settles. */
const TIMEOUT = 5_000;

/** Lives a client's life, and says what of it was not as it should be. */
export async function listen(entry, access) {
  const { createClient } = await import(entry);
  const thrown = [];
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    thrown.push(String(event.message));
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    thrown.push(String(event.reason));
  });
  const untyped = [];
  const unsettled = [];
  let settled = 0;
  const outcome = async (name, promise) => {
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, TIMEOUT, unsettled)));
    const result = await Promise.race([promise, late]).catch((error) => {
      if (error?.name !== "AnsdevError") untyped.push(`${name}: ${String(error)}`);
      return undefined;
    });
    clearTimeout(timer);
    if (result === unsettled) unsettled.push(name);
    else settled++;
    return result === unsettled ? undefined : result;
  };

  const client = await outcome("createClient", createClient(access));
  for (let round = 0; client && round < 5; round++) {
    const session = await outcome("openSession", client.openSession("vid_clear"));
    await Promise.all([
      outcome("list", client.videos.list()),
      outcome("get", client.videos.get("vid_clear")),
      session && outcome("getToken", session.getToken()),
      session && outcome("resolve", session.resolve("/video/key/job_clear")),
      session && outcome("manifestUrl", session.manifestUrl()),
    ]);
    session?.setActive(round % 2 === 0);
    session?.invalidate();
    if (round % 2 === 0) session?.destroy();
  }
  client?.destroy();
  await outcome("openSession", client?.openSession("vid_clear") ?? Promise.resolve());
  return { untyped, unsettled, thrown, settled };
}
