// Keys of every page: j and k go through the rows of a list, ? explains. Whoever speaks to a computer, or hits keys by
// chance, switches single letters off (WCAG 2.1.4); other scripts look at `data-letters` of the root for that.
const SWITCH = "ostiary-letters";
const root = document.documentElement;
root.dataset.letters = localStorage.getItem(SWITCH) ?? "on";

const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  (rows[next].querySelector("a, button") ?? rows[next]).focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || root.dataset.letters === "off") return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "?") document.getElementById("keys")?.showModal();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const copier = event.target.closest("[data-copies]");
  if (copier) {
    navigator.clipboard.writeText(document.getElementById(copier.dataset.copies).textContent.trim()).then(() => {
      copier.textContent = copier.dataset.copied;
    });
  }
});

if (navigator.clipboard) {
  for (const copier of document.querySelectorAll("[data-copies]")) copier.hidden = false;
}
const letters = document.getElementById("keys-on");
if (letters) {
  letters.checked = root.dataset.letters === "on";
  letters.addEventListener("change", () => {
    root.dataset.letters = letters.checked ? "on" : "off";
    localStorage.setItem(SWITCH, root.dataset.letters);
  });
}
