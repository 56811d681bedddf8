// `data-renew` says in how many seconds what the page shows is over: it is then asked for again.
const words = document.querySelector("[data-renew]");
if (words) {
  const endsAt = Date.now() + Number(words.dataset.renew) * 1000;
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
    words.firstChild.textContent = words.firstChild.textContent.replace(/\d+(?=\ss\.)/, left);
    if (left > 0) return;
    clearInterval(timer);
    location.reload();
  }, 1000);
}
