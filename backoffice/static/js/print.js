// `data-print` prints the page; the style sheet for paper decides what of it.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
