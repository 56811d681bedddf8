// Aids of the password fields: show what is typed, and give the identifier back after a refused sign-in.
for (const button of document.querySelectorAll("[data-show-password]")) {
  const input = document.getElementById(button.dataset.showPassword);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.querySelector("span").textContent = shown ? "Masquer" : "Afficher";
  });
  input.form.addEventListener("submit", () => {
    input.type = "password";
  });
}

// The refused page repeats nothing of what was typed; this tab alone remembers the identifier, never the password.
for (const form of document.querySelectorAll("[data-remember]")) {
  const input = form.elements[form.dataset.remember];
  const key = `remembered-${form.dataset.remember}`;
  const typed = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  if (typed && !input.value) {
    input.value = typed;
    form.querySelector("input[type=password]").focus();
  }
  form.addEventListener("submit", () => sessionStorage.setItem(key, input.value));
}
