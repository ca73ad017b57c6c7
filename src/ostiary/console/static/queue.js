// The first case has the focus, so that Enter opens it; / goes to the search.
const root = document.documentElement;
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || root.dataset.letters === "off") return;
  if (event.key !== "/") return;
  event.preventDefault();
  document.querySelector("[data-search]")?.focus();
});
