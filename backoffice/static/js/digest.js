// A file's SHA-256, computed here: the file is read by this page and sent nowhere. `data-digest-into` on a file input
// names the field that takes the digest; without scripts the words beside it say how to compute it otherwise.
const MOST_BYTES = 100 * 1024 * 1024;

export const digestOf = async (file) => {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const read = async (file, field) => {
  if (file.size > MOST_BYTES) return "Ce fichier dépasse 100\u00a0Mo\u00a0: choisissez le document lui-même.";
  try {
    field.value = await digestOf(file);
  } catch {
    return "Ce fichier n’a pas pu être lu. Choisissez-le de nouveau.";
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return `Empreinte de «\u00a0${file.name}\u00a0» calculée sur cet appareil.`;
};

for (const root of document.querySelectorAll("[data-digest]")) {
  const input = root.querySelector("[data-digest-into]");
  const field = document.getElementById(input.dataset.digestInto);
  // Browsers give crypto.subtle to pages served over https, and to this very machine.
  if (!field || !globalThis.crypto?.subtle) continue;
  root.querySelector("[data-digest-without]").hidden = true;
  root.querySelector("[data-digest-with]").hidden = false;
  const said = root.querySelector("[data-digest-said]");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    said.textContent = file ? await read(file, field) : "";
  });
}
