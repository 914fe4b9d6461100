/** A client's whole life, and everything that it gave the page on the way. */
export async function live(createClient, { apiKey, baseUrl, ...options }) {
  const kept = { events: [], errors: [], results: [] };
  const listen = (target, ...types) => {
    for (const type of types) target.addEventListener(type, (event) => kept.events.push(event));
  };
  const attempt = async (promise) => {
    try {
      kept.results.push(await promise);
    } catch (error) {
      kept.errors.push(error);
    }
  };
  const client = await createClient({ apiKey, baseUrl, ...options });
  listen(client, "quotachange", "quotalow", "quotaexceeded");
  const session = await client.openSession("vid_clear");
  listen(session, "statechange", "tokenrefreshing", "tokenrefreshed", "tokenerror");
  await attempt(client.videos.list({ limit: 2 }));
  await attempt(client.videos.get("vid_clear"));
  await attempt(client.videos.get("vid_nobody_has"));
  await attempt(session.getToken());
  await attempt(session.manifestUrl());
  await attempt(session.playerUrl());
  await attempt(session.resolve(`${baseUrl}/video/key/job_clear`));
  await attempt(session.resolve("https://elsewhere.example/video/key/job_clear"));
  session.invalidate();
  await attempt(session.getToken());
  session.invalidate();
  await attempt(session.getToken());
  const failing = await client.openSession("vid_in_the_making");
  listen(failing, "tokenerror");
  await attempt(failing.getToken());
  await attempt(failing.getToken({ signal: AbortSignal.abort() }));
  // What a page gets wrong: errors must not repeat what they were given.
  await attempt(createClient({ apiKey: `${apiKey}0`, baseUrl, ...options }));
  await attempt(createClient({ apiKey: ` ${apiKey}`, baseUrl, ...options }));
  await attempt(createClient({ apiKey: [apiKey], baseUrl, ...options }));
  await attempt(createClient({ apikey: apiKey, baseUrl, ...options }));
  await attempt(createClient({ apiKey, baseUrl: 5, ...options }));
  return { ...kept, client, session, failing };
}

/** The end of it. */
export async function die({ client, session, errors }) {
  session.destroy();
  client.destroy();
  try {
    await client.videos.list();
  } catch (error) {
    errors.push(error);
  }
}
