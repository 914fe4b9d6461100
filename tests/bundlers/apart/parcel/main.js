import { createClient } from "@ansdev/player";
import "@ansdev/player/element";
import "@ansdev/player/player";

const { apiKey, baseUrl } = Object.fromEntries(new URLSearchParams(location.search));
const client = await createClient({ apiKey, baseUrl });
for (const element of document.querySelectorAll("ansdev-video, ansdev-player")) element.client = client;
