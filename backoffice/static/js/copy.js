// Copy buttons: `data-copy` holds the value, `[data-copy-words]` says for two seconds that it is done.
const SAID_FOR = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.querySelector("[data-copy-words]");
  let outcome = "Copié";
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    outcome = "Copie refusée par le navigateur";
  }
  words.textContent = outcome;
  button.classList.toggle("is-done", outcome === "Copié");
  setTimeout(() => {
    words.textContent = "Copier";
    button.classList.remove("is-done");
  }, SAID_FOR);
});
