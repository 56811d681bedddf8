// A file's SHA-256, computed here: the file is read by this page and sent nowhere. `data-digest-into` on a file input
// names the field that takes the digest; without scripts the words beside it say how to compute it otherwise.
const MOST_BYTES = 100 * 1024 * 1024;

export const digestOf = async (file) => {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const read = async (file) => {
  if (file.size > MOST_BYTES) {
    return { digest: "", words: "Ce fichier dépasse 100\u00a0Mo\u00a0: choisissez le document lui-même." };
  }
  try {
    const words = `Empreinte de «\u00a0${file.name}\u00a0» calculée sur cet appareil.`;
    return { digest: await digestOf(file), words };
  } catch {
    return { digest: "", words: "Ce fichier n’a pas pu être lu. Choisissez-le de nouveau." };
  }
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
    // What stood there is another file's.
    field.value = "";
    said.textContent = "";
    if (!file) return;
    const { digest, words } = await read(file);
    // Another file was chosen meanwhile: its own answer counts.
    if (file !== input.files[0]) return;
    field.value = digest;
    said.textContent = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
