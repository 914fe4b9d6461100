// The hosted player: plays one video with the one token of its address, through the SDK's token-provider mode.
const element = document.querySelector("ansdev-video");
const message = document.querySelector("#message");
const { token, expiresIn, videoId } = element.dataset;

// Of a failed `getToken` below, the cause says why.
const tell = (error) => {
  message.textContent = (error.cause ?? error).message;
};

try {
  const client = await window.Ansdev.createClient({
    baseUrl: location.origin,
    // Nothing is asked for ahead of need: a page without a key cannot mint the next token.
    refresh: "on-demand",
    getToken: async ({ reason }) => {
      if (reason !== "initial") throw new Error("This player's token is spent. Load a new player to go on.");
      return { token, expiresIn: Number(expiresIn) };
    },
  });
  element.addEventListener("tokenerror", (event) => tell(event.detail.error));
  element.client = client;
  element.setAttribute("video-id", videoId);
} catch (error) {
  tell(error);
}
