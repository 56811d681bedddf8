// `data-way-back` says in how many seconds the page goes back to the shop by itself, through the link or the form of
// `data-way-back-door`; `data-way-back-stay` keeps the buyer here. A page that was left once stays when it is seen again.
const departure = document.querySelector("[data-way-back]");
const door = document.querySelector("[data-way-back-door]");
if (departure && door) {
  const words = departure.querySelector("[data-way-back-words]");
  const way = door.querySelector("a, button");
  const leavesAt = Date.now() + Number(departure.dataset.wayBack) * 1000;
  let clock;

  const stay = () => {
    clearInterval(clock);
    departure.hidden = true;
  };
  // The mark belongs to this entry of the history: the back button finds it again, another payment does not.
  const note = () => history.replaceState({ left: true }, "");
  const leave = () => {
    clearInterval(clock);
    note();
    if (door.requestSubmit) door.requestSubmit();
    else location.assign(way.href);
  };
  const tick = () => {
    const left = Math.ceil((leavesAt - Date.now()) / 1000);
    if (left <= 0) return leave();
    words.textContent = left === 1 ? words.dataset.one : words.dataset.many.replace("{n}", left);
  };

  way.addEventListener("click", note);
  departure.querySelector("[data-way-back-stay]").addEventListener("click", (event) => {
    event.preventDefault();
    stay();
    way.focus();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) stay();
  });
  if (history.state?.left) {
    stay();
  } else {
    clock = setInterval(tick, 250);
    tick();
  }
}
