/** What a script does that has found `element.client`: it lists the library, and asks for tokens for all of it. */
export async function find() {
  const { client } = document.querySelector("ansdev-video");
  const attempt = async (run) => {
    try {
      return (await run()) ?? "done";
    } catch (error) {
      return error.code ?? String(error);
    }
  };
  const minted = async (videoId) => {
    const session = await client.openSession(videoId);
    await session.getToken();
  };
  return {
    list: await attempt(async () => (await client.videos.list()).videos.length),
    get: await attempt(async () => (await client.videos.get("vid_single_key")).id),
    another: await attempt(() => minted("vid_single_key")),
    // As given, and not as the server may read it.
    nearly: await attempt(() => minted("VID_CLEAR")),
    own: await attempt(() => minted("vid_clear")),
  };
}

/** Asks for everything, all the time, for so many seconds; how often it asked, and how many seconds that took. */
export async function flood(seconds) {
  const { client } = document.querySelector("ansdev-video");
  const session = await client.openSession("vid_in_the_making");
  const since = performance.now();
  const until = since + seconds * 1_000;
  let asked = 0;
  const ask = async (run) => {
    while (performance.now() < until) {
      asked++;
      await run().catch(() => undefined);
    }
  };
  await Promise.all([
    ...Array.from({ length: 4 }, () => ask(() => client.videos.get("vid_clear"))),
    ...Array.from({ length: 4 }, () => ask(() => session.getToken())),
  ]);
  return { asked, took: (performance.now() - since) / 1_000 };
}

/** Has every token thrown away, closes the session and begins anew; how often it got one that it had not had. */
export async function spend(rounds) {
  const { client } = document.querySelector("ansdev-video");
  const tokens = new Set();
  for (let round = 0; round < rounds; round++) {
    try {
      const session = await client.openSession("vid_clear");
      tokens.add(await session.getToken());
      session.invalidate();
      // Closing and opening again should be throttled as asking again is.
      session.destroy();
    } catch {
      // Held back.
    }
  }
  return tokens.size;
}
