// A server that keeps the API key and hands out playback tokens to its own page, so many to each viewer.
//
// `ANSDEV_API_KEY=ak_live_… node server.js`, then open http://127.0.0.1:3000. With REDIS_URL, all the processes and
// machines that share this Redis count together.
import { createTokenEndpoint, nodeHandler } from "@ansdev/player/server";
import express from "express";
import { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";

const { ANSDEV_API_KEY, ANSDEV_BASE_URL, REDIS_URL, HOST = "127.0.0.1", PORT = "3000" } = process.env;

// A token lives five minutes, so a viewer needs seven in half an hour.
const limit = { keyPrefix: "ansdev-tokens", points: 10, duration: 30 * 60 };
const tokens = REDIS_URL ? new RateLimiterRedis({ ...limit, ...redis(REDIS_URL) }) : new RateLimiterMemory(limit);

function redis(url) {
  // Redis that is down is an error at once, not a queue: nobody waits, and nobody gets in uncounted.
  const storeClient = new Redis(url, { enableOfflineQueue: false, commandTimeout: 1000, maxRetriesPerRequest: 0 });
  storeClient.on("error", (error) => console.error("Redis:", error.message));
  return { storeClient, rejectIfRedisNotReady: true };
}

// The user who has signed in, such as `request.user.id`: an address can be changed, and be shared by many. Behind a proxy
// Express knows the address by its setting `trust proxy`.
const viewerOf = (request) => request.ip;

const endpoint = createTokenEndpoint({
  apiKey: ANSDEV_API_KEY,
  baseUrl: ANSDEV_BASE_URL,
  // Here also ask whether this viewer may watch `videoId`: your session, your purchases.
  authorize: async ({ context }) => {
    try {
      await tokens.consume(viewerOf(context));
      return true;
    } catch (refused) {
      // The store failed, and nobody was counted: the viewer gets 503, and tries again.
      if (refused instanceof Error) throw refused;
      const seconds = Math.ceil(refused.msBeforeNext / 1000);
      return new Response(null, { status: 429, headers: { "retry-after": String(seconds) } });
    }
  },
});

const app = express();
app.use(express.static(`${import.meta.dirname}/public`));
app.all(
  "/tokens/:videoId",
  nodeHandler(endpoint, (request) => request.params.videoId),
);
const server = app.listen(Number(PORT), HOST, () => {
  console.log(`http://${HOST}:${server.address().port}`);
});
