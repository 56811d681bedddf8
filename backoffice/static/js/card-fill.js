// A click on a test card (`data-fill-card`, with `data-expiry`, `data-cvv` and `data-networks`) fills the card form.
const fill = (autocomplete, value) => {
  const field = document.querySelector(`[autocomplete~="${autocomplete}"]`);
  if (!field || !value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

// The choice already made stays if the card serves it; else the card's first network that is on offer, else none.
const choose = (networks) => {
  const tiles = [...document.querySelectorAll('input[name="network"]')];
  if (networks.includes(tiles.find((tile) => tile.checked)?.value)) return;
  const named = [...networks, ""].map((network) => tiles.find((tile) => tile.value === network)).find(Boolean);
  if (named) named.checked = true;
};

document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-fill-card]");
  if (!card) return;
  choose((card.dataset.networks ?? "").split(" "));
  fill("cc-number", card.dataset.fillCard);
  fill("cc-exp", card.dataset.expiry);
  fill("cc-csc", card.dataset.cvv);
  for (const other of document.querySelectorAll("[data-fill-card]")) other.removeAttribute("aria-pressed");
  card.setAttribute("aria-pressed", "true");
  document.querySelector('[autocomplete~="cc-number"]')?.form?.querySelector('button:not([type="button"])')?.focus();
});
