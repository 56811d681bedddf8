// A document that is ready is downloaded by itself, once in a tab: neither a reload nor the way back starts it again.
const region = document.getElementById("impression");

const start = () => {
  const link = region.querySelector("a[data-download]");
  try {
    if (!link || sessionStorage.getItem(link.pathname)) return;
    sessionStorage.setItem(link.pathname, "1");
  } catch {
    return; // Without a storage nobody knows whether it was: the button is there.
  }
  link.click();
};

start();
new MutationObserver(start).observe(region, { childList: true });
