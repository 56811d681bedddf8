// A click on a test card (`data-fill-card`, with `data-expiry` and `data-cvv`) fills the fields of the card form.
const fill = (autocomplete, value) => {
  const field = document.querySelector(`[autocomplete~="${autocomplete}"]`);
  if (!field || !value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-fill-card]");
  if (!card) return;
  const [month = "", year = ""] = (card.dataset.expiry ?? "").split("/").map((part) => part.trim());
  fill("cc-number", card.dataset.fillCard.replace(/(\d{4})(?=\d)/g, "$1 "));
  fill("cc-exp", card.dataset.expiry);
  fill("cc-exp-month", month);
  fill("cc-exp-year", year);
  fill("cc-csc", card.dataset.cvv);
  for (const other of document.querySelectorAll("[data-fill-card]")) other.removeAttribute("aria-pressed");
  card.setAttribute("aria-pressed", "true");
  document.querySelector('[autocomplete~="cc-number"]')?.form?.querySelector('button:not([type="button"])')?.focus();
});
