// A form with `data-once` is sent once: the button that sent it rests (and says the attribute's words, if any) until
// the page is seen again, by the back button too, or until nothing has come for a while.
const LONGEST = 15000;
const sent = new Map();

const wake = () => {
  for (const { button, words } of sent.values()) {
    button.removeAttribute("aria-disabled");
    button.textContent = words;
  }
  sent.clear();
};

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-once]");
  if (!form) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  const button = event.submitter ?? form.querySelector('button:not([type="button"])');
  sent.set(form, { button, words: button.textContent });
  button.setAttribute("aria-disabled", "true");
  if (form.dataset.once) button.textContent = form.dataset.once;
  setTimeout(wake, LONGEST);
});

addEventListener("pageshow", wake);
