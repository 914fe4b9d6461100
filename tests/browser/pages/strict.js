// The query names the options of createClient.
const options = Object.fromEntries(new URLSearchParams(location.search));
window.warnings = [];
console.warn = (...said) => window.warnings.push(said.join(" "));
window.outcome = window.Ansdev.createClient(options).then(
  (client) => {
    document.querySelector("ansdev-video").client = client;
    return { isolation: client.isolation };
  },
  ({ code, message }) => ({ code, message }),
);
