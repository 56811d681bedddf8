// Counts the minutes of a view down; at its end the page of somebody else goes away by itself, one that is out of sight
// when it is looked at again: the first request ends the view, and several at once would end it twice.
const frame = document.querySelector("[data-viewing-seconds]");
if (frame) {
  const words = frame.querySelector("[data-viewing-left]");
  // One more second: what was begun on the server is over there too.
  const endsAt = Date.now() + (Number(frame.dataset.viewingSeconds) + 1) * 1000;
  const leave = () => location.assign(frame.dataset.viewingEnd);
  const timer = setInterval(() => {
    const left = Math.max(0, endsAt - Date.now());
    words.textContent = `${Math.max(1, Math.ceil(left / 60000))}\u00a0min`;
    if (left > 0) return;
    clearInterval(timer);
    if (document.visibilityState === "visible") leave();
    else document.addEventListener("visibilitychange", leave, { once: true });
  }, 1000);
}
