/** A script of the site that lies to the tabs. */
const FILM = "vid_clear";

/** Sends what no tab has minted, and waits until every listener has received it. */
export async function lie(baseUrl, count) {
  const channel = new BroadcastChannel(`ansdev-player ${baseUrl}/`);
  const answered = new Promise((resolve) => {
    channel.onmessage = ({ data }) => resolve(data);
  });
  for (let index = 0; index < count; index++) {
    const times = { expiresIn: 1_000_000 + index, mintedAt: Date.now() };
    channel.postMessage({ type: "token", videoId: FILM, token: `x${index}`, playerUrl: "javascript:1", ...times });
  }
  channel.postMessage({ type: "token", videoId: FILM, token: "", expiresIn: NaN, mintedAt: NaN });
  channel.postMessage({ type: "token", videoId: FILM, token: "x".repeat(5_000_000), expiresIn: 300, mintedAt: 1e15 });
  // Messages come in their order: an answer to the last one means that the others were heard.
  channel.postMessage({ type: "wanted", videoId: FILM });
  const answer = await answered;
  channel.close();
  return answer.token;
}

/** Answers every question with a token of its own making, and holds everybody's turn. */
export function hold(baseUrl) {
  const name = `ansdev-player ${baseUrl}/`;
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    if (data.type === "wanted") {
      const times = { expiresIn: 300, mintedAt: Date.now() };
      channel.postMessage({ type: "token", videoId: data.videoId, token: "aa.bb.cc", ...times });
    }
  };
  for (const mode of ["shared", "exclusive"]) {
    void navigator.locks.request(mode === "shared" ? name : `${name} ${FILM}`, { mode }, () => new Promise(() => {}));
  }
}
