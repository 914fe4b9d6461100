// The dashboard works without this file: it only lets a new key be copied with one press.
for (const button of document.querySelectorAll("[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  const status = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      status.textContent = "Copied";
    } catch {
      // No permission, or an address that browsers do not trust: then it is marked, for Ctrl+C.
      getSelection().selectAllChildren(source);
      status.textContent = "Press Ctrl+C to copy it";
    }
  });
}
