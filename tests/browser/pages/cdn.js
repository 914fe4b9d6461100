// The address of the CDN differs from run to run, so the tag is written here.
const { apiKey, baseUrl, cdn } = Object.fromEntries(new URLSearchParams(location.search));
const script = document.createElement("script");
script.src = `${cdn}/sdk/ansdev-player.global.js`;
script.onload = async () => {
  document.querySelector("ansdev-video").client = await window.Ansdev.createClient({ apiKey, baseUrl });
};
document.head.append(script);
