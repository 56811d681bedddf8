// A shown secret lives sixty seconds on the screen, then its mask comes back and its value leaves the page.
for (const secret of document.querySelectorAll("[data-secret]")) {
  const value = secret.querySelector("[data-secret-value]");
  const left = secret.querySelector("[data-secret-left]");
  const shown = secret.querySelector("[data-secret-shown]");
  const masked = secret.querySelector("[data-secret-masked]");
  const endsAt = Date.now() + Number(secret.dataset.seconds) * 1000;

  const hide = () => {
    clearInterval(clock);
    const hadFocus = shown.contains(document.activeElement);
    value.textContent = secret.dataset.masked;
    shown.remove();
    if (masked) {
      masked.hidden = false;
      if (hadFocus) masked.querySelector("button").focus();
    }
  };
  const tick = () => {
    const seconds = Math.ceil((endsAt - Date.now()) / 1000);
    if (seconds <= 0) hide();
    else left.textContent = `masqué dans ${seconds} s`;
  };
  const clock = setInterval(tick, 1000);
  tick();
  secret.querySelector("[data-secret-hide]").addEventListener("click", (event) => {
    event.preventDefault();
    hide();
  });
  // Coming back with the browser's history must not show it again.
  addEventListener("pagehide", hide);
}
