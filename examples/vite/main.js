import { createClient } from "@ansdev/player";
import "@ansdev/player/player";

try {
  const client = await createClient({ apiKey: "YOUR_KEY" });
  document.querySelector("ansdev-player").client = client;
} catch (error) {
  document.querySelector("[role=alert]").textContent = error.message;
}
