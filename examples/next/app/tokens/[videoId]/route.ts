// Keeps the API key (ANSDEV_API_KEY in .env.local), and hands out playback tokens to this site's pages.
import { createTokenEndpoint, type TokenEndpoint } from "@ansdev/player/server";

let endpoint: TokenEndpoint | undefined;

async function tokens(request: Request, { params }: { params: Promise<{ videoId: string }> }): Promise<Response> {
  // Not before the first request: `next build` loads this file as well, and needs no key.
  endpoint ??= createTokenEndpoint({
    apiKey: process.env.ANSDEV_API_KEY!,
    baseUrl: process.env.ANSDEV_BASE_URL,
    authorize: mayWatch,
  });
  return endpoint.handle(request, (await params).videoId);
}

/** Here ask who it is, whether they may watch it, and how much they have asked for: see examples/express for a limit. */
async function mayWatch({ request, videoId }: { request: Request; videoId: string }): Promise<boolean> {
  return true;
}

// Next.js would answer the other methods by itself, and differently.
export { tokens as DELETE, tokens as GET, tokens as OPTIONS, tokens as PATCH, tokens as POST, tokens as PUT };
