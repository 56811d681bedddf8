// Warns before the session ends, and lets it go on. A form with something typed stays on the screen at the end: sent
// then, the server keeps it and gives it back after the sign-in.
const dialog = document.getElementById("session-end");
if (dialog) {
  const form = dialog.querySelector("form");
  const words = dialog.querySelector("[data-session-words]");
  const title = dialog.querySelector("h2");
  const warning = Number(dialog.dataset.sessionWarning);
  let endsAt = 0;
  let clock;
  let typed = false;

  const plan = (seconds) => {
    clearTimeout(clock);
    endsAt = Date.now() + seconds * 1000;
    clock = setTimeout(look, Math.max(seconds - warning, 0) * 1000);
  };
  const ask = async (options) => {
    const answer = await fetch(form.action, { ...options, redirect: "manual" });
    return answer.ok ? (await answer.json()).seconds : 0;
  };
  // Another tab may have gone on meanwhile: asked in the background, which renews nothing.
  const look = async () => {
    const seconds = await ask({ headers: { "X-Background": "1" } }).catch(() => (endsAt - Date.now()) / 1000);
    if (seconds > warning) return plan(seconds);
    if (seconds <= 0) return end();
    endsAt = Date.now() + seconds * 1000;
    if (!dialog.open) dialog.showModal();
    clock = setTimeout(look, seconds * 1000 + 1000);
  };
  const end = () => {
    clearTimeout(clock);
    if (!typed) {
      const door = new URL(dialog.dataset.sessionDoor, location.href);
      door.searchParams.set("next", location.pathname + location.search);
      location.assign(door);
      return;
    }
    title.textContent = "Votre session est terminée";
    words.textContent =
      "Fermez ce message et envoyez votre formulaire : il sera gardé, puis rendu après votre connexion.";
    form.hidden = true;
    if (!dialog.open) dialog.showModal();
  };
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[method=post]")) typed = true;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const seconds = await ask({ method: "POST", body: new FormData(form) }).catch(() => -1);
    if (seconds < 0) words.textContent = "La connexion n’a pas répondu. Réessayez.";
    else if (seconds === 0) end();
    else {
      dialog.close();
      plan(seconds);
    }
  });
  plan(Number(dialog.dataset.sessionSeconds));
}
