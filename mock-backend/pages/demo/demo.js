// Plays the first video of the mock with the SDK's public API.
const status = document.querySelector("#status");
try {
  const response = await fetch("/demo/config.json");
  const { apiKey, baseUrl, videos } = await response.json();
  const element = document.querySelector("ansdev-video");
  element.client = await window.Ansdev.createClient({ apiKey, baseUrl });
  element.setAttribute("video-id", videos[0].id);
  status.textContent = videos[0].title;
} catch (error) {
  status.textContent = error.message;
}
