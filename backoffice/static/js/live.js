// A part of the page that changes while somebody else acts: asked again every three seconds (`data-live-every`, in
// milliseconds, says otherwise), in the background, and redrawn only when its version differs, so that what is being
// typed or read stays. A part that comes back without `data-live-url` changes no more.
const EVERY = 3000;

const redraw = async (part) => {
  const answer = await fetch(part.dataset.liveUrl, { headers: { "X-Background": "1" }, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 404) {
    // Gone, or somebody must sign in: the page itself says so.
    delete part.dataset.liveUrl;
    location.reload();
    return;
  }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
  if (!fresh || fresh.dataset.live === part.dataset.live) return;
  // Adopted piece by piece into the same element: screen readers hear what changes in a region that was there.
  part.replaceChildren(...fresh.childNodes);
  part.dataset.live = fresh.dataset.live;
  if (!fresh.dataset.liveUrl) delete part.dataset.liveUrl;
};

for (const part of document.querySelectorAll("[data-live-url]")) {
  const every = Number(part.dataset.liveEvery) || EVERY;
  const look = async () => {
    if (!document.hidden) await redraw(part).catch(() => {});
    if (part.dataset.liveUrl) setTimeout(look, every);
  };
  setTimeout(look, every);
}
