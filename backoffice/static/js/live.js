// A part of the page that changes while somebody else acts: asked again every three seconds, in the background, and
// redrawn only when its version differs, so that what is being typed or read stays.
const EVERY = 3000;

const redraw = async (part) => {
  const answer = await fetch(part.dataset.liveUrl, { headers: { "X-Background": "1" }, redirect: "manual" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
  if (!fresh || fresh.dataset.live === part.dataset.live) return;
  // Adopted piece by piece into the same element: screen readers hear what changes in a region that was there.
  part.replaceChildren(...fresh.childNodes);
  part.dataset.live = fresh.dataset.live;
};

for (const part of document.querySelectorAll("[data-live]")) {
  const look = async () => {
    if (!document.hidden) await redraw(part).catch(() => {});
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
}
