// Pictures by keyboard: p goes through them, + - t 0 zoom, turn and reset the one that has the focus (or the first), s
// puts them side by side, b shows and hides the boxes where values were read. Dragging and the arrow keys move within a
// frame. A rule and its box light up together, and lead to each other.
const root = document.documentElement;
const figures = [...document.querySelectorAll("[data-picture]")];
const states = new Map(figures.map((figure) => [figure, { zoom: 1, turn: 0 }]));

const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
const current = () => figures.find((figure) => figure.contains(document.activeElement)) ?? figures[0];

function show(figure) {
  const { zoom, turn } = states.get(figure);
  const image = figure.querySelector("img");
  const canvas = figure.querySelector(".canvas");
  const frame = figure.querySelector(".frame");
  const isAcross = turn % 180 !== 0;
  const width = frame.clientWidth * zoom;
  const ratio = (image.naturalHeight || 1) / (image.naturalWidth || 1);
  canvas.style.width = `${width}px`;
  canvas.style.transform = `rotate(${turn}deg)`;
  // A turned picture keeps its place: margins make room for what stands over it.
  const over = isAcross ? (width - width * ratio) / 2 : 0;
  canvas.style.margin = `${over}px ${-Math.min(0, over)}px`;
}

function act(figure, what) {
  if (what === "side") {
    document.querySelectorAll(".pictures").forEach((each) => each.classList.toggle("side"));
    figures.forEach(show);
    return;
  }
  if (what === "boxes") {
    const isHidden = document.querySelector("[data-pictures]").classList.toggle("unboxed");
    document.querySelector("[data-picture-act=boxes]")?.setAttribute("aria-pressed", String(!isHidden));
    return;
  }
  if (!figure) return;
  const state = states.get(figure);
  if (what === "larger") state.zoom = Math.min(8, state.zoom * 1.4);
  else if (what === "smaller") state.zoom = Math.max(0.5, state.zoom / 1.4);
  else if (what === "turn") state.turn = (state.turn + 90) % 360;
  else Object.assign(state, { zoom: 1, turn: 0 });
  show(figure);
}

function go(by) {
  if (figures.length === 0) return;
  const at = figures.findIndex((figure) => figure.contains(document.activeElement));
  const next = figures[(at + by + figures.length) % figures.length];
  next.querySelector(".frame").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-picture-act]");
  if (button) act(button.closest("[data-picture]"), button.dataset.pictureAct);
});

const KEYS = { "+": "larger", "=": "larger", "-": "smaller", t: "turn", 0: "reset", s: "side", b: "boxes" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || root.dataset.letters === "off") return;
  if (event.target.closest("dialog")) return;
  if (event.key === "p") go(1);
  else if (event.key === "P") go(-1);
  else if (event.key in KEYS) act(current(), KEYS[event.key]);
});

const boxOf = (element) => element.closest?.("[data-box]")?.dataset.box ?? "";

function light(key) {
  for (const each of document.querySelectorAll("[data-box]")) {
    (each.tagName === "A" ? each.parentElement : each).classList.toggle("lit", key !== "" && each.dataset.box === key);
  }
}

// To the rule's row, or from it to its picture: what it was led to has the focus, so that the way goes back as well.
function lead(to) {
  const panel = to?.closest("details");
  if (panel) panel.open = true;
  const place = to?.closest("[data-picture]") ?? to;
  to?.focus({ preventScroll: true });
  place?.scrollIntoView({ block: "nearest" });
}

for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, (event) => light(boxOf(event.target)));
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#seen-'], a[href^='#rule-']");
  const box = event.target.closest(".boxes [data-box]");
  if (!link && !box) return;
  event.preventDefault();
  lead(document.getElementById(link ? link.hash.slice(1) : `rule-${box.dataset.box}`));
});

for (const figure of figures) {
  const frame = figure.querySelector(".frame");
  let from = null;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || boxOf(event.target)) return;
    from = { x: event.clientX + frame.scrollLeft, y: event.clientY + frame.scrollTop };
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!from) return;
    frame.scrollLeft = from.x - event.clientX;
    frame.scrollTop = from.y - event.clientY;
  });
  frame.addEventListener("pointerup", () => { from = null; });
  frame.addEventListener("dragstart", (event) => event.preventDefault());
}
for (const tools of document.querySelectorAll(".tools")) tools.hidden = false;
