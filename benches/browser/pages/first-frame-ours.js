// A page that plays a film with the element.
import { createClient } from "@ansdev/player";
import "@ansdev/player/element";

import { firstFrame } from "./first-frame.js";

const { apiKey, baseUrl, videoId } = Object.fromEntries(new URLSearchParams(location.search));
const element = document.createElement("ansdev-video");
Object.assign(element, { videoId, muted: true, autoplay: true });
document.body.append(element);
window.firstFrame = firstFrame(element.nativeEl);
element.client = await createClient({ apiKey, baseUrl });
