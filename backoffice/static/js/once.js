// A form with `data-once` is sent once: its button rests after the first press (and says the attribute's words, if
// any) until the page is seen again, by the back button too, or until nothing has come for a while.
const LONGEST = 15000;
const resting = new Map();

const wake = () => {
  for (const [button, words] of resting) {
    button.removeAttribute("aria-disabled");
    button.textContent = words;
  }
  resting.clear();
};

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-once]");
  if (!form) return;
  const button = event.submitter ?? form.querySelector('button:not([type="button"])');
  if (!button || resting.has(button)) {
    event.preventDefault();
    return;
  }
  resting.set(button, button.textContent);
  button.setAttribute("aria-disabled", "true");
  if (form.dataset.once) button.textContent = form.dataset.once;
  setTimeout(wake, LONGEST);
});

addEventListener("pageshow", wake);
