// The time left to pay (`data-seconds-left`, counted by the server when the page was made): whole minutes, then second
// by second from two minutes on, spoken at two minutes, one, and thirty seconds. At the end the page is asked for
// again, and says that its time is over. Only the time elapsed here is measured: a clock that is wrong changes nothing.
const COUNTED_FROM = 120;
const SPOKEN_AT = [120, 60, 30];
// The server's own rounding (payments/page/time_left.py).
const TRAVEL = 5;

const sentence = (words, number, one, many) => (number === 1 ? words[one] : words[many].replace("{n}", number));

const count = (line) => {
  const words = line.dataset;
  const shown = line.querySelector("[data-shown]");
  const spoken = line.querySelector("[data-spoken]");
  const end = Date.now() + Number(words.secondsLeft) * 1000;
  let last = Number(words.secondsLeft);
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      clearInterval(clock);
      // Not a reload, which would send the form again after a mistyped card.
      location.replace(location.pathname);
      return;
    }
    if (left <= COUNTED_FROM) shown.textContent = sentence(words, left, "second", "seconds");
    else shown.textContent = sentence(words, Math.floor((left + TRAVEL) / 60), "minute", "minutes");
    const due = SPOKEN_AT.findLast((mark) => left <= mark && mark < last);
    if (due) {
      spoken.textContent =
        due < 60 ? sentence(words, left, "second", "seconds") : sentence(words, due / 60, "minute", "minutes");
    }
    last = left;
  };
  const clock = setInterval(tick, 1000);
};

document.querySelectorAll("[data-seconds-left]").forEach(count);
