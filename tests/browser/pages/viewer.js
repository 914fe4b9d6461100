/**
 * Asks for what a player asks for, without playing: the playlist at the start, then one key URI of the film after the
 * other, one a minute while it is not paused. For tests in which time is not real, where no media plays.
 */
export async function view(session) {
  const statuses = [];
  const errors = [];
  const load = async (url) => {
    const response = await fetch(url);
    statuses.push(response.status);
    return response;
  };
  const playlist = await load(await session.manifestUrl());
  const uris = [...(await playlist.text()).matchAll(/URI="([^"]+)"/g)].map(
    ([, uri]) => new URL(uri, playlist.url).href,
  );
  const keys = [...new Set(uris)].values();
  const next = async () => {
    const { value } = keys.next();
    if (value !== undefined) await load(await session.resolve(value));
  };
  let timer;
  const viewer = {
    session,
    statuses,
    errors,
    next: () => next().catch(({ code }) => errors.push(code)),
    play: () => {
      session.setActive(true);
      timer ??= setInterval(viewer.next, 60_000);
    },
    pause: () => {
      session.setActive(false);
      clearInterval(timer);
      timer = undefined;
    },
  };
  await viewer.next();
  viewer.play();
  return viewer;
}
