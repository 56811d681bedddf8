// Confirmations: `data-dialog` opens the dialog it names, `data-dialog-close` or a click beside it closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
});
