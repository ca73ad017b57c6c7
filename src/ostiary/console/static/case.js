// Deciding a case by keyboard: a, r, x open a form, digits choose reasons, Enter sends, Ctrl+Enter from within a text.
// What is sent waits some seconds, in which u takes it back. The note is kept while it is written, and the claim while
// the page is looked at.
const UNDO_S = 5;
const KEEP_NOTE_MS = 800;
const RENEW_MS = 5 * 60_000;
const root = document.documentElement;
const place = document.querySelector("[data-case]");
const bar = document.getElementById("undo");
let waiting = null;

const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;

function open(act) {
  const panel = document.querySelector(`details[data-act="${act}"]`);
  if (!panel) return;
  panel.open = true;
  const field = [...panel.querySelectorAll("textarea[required]")].find((each) => !each.value.trim());
  const button = panel.querySelector("form > button:last-of-type");
  (panel.querySelector("[data-digit]") ?? field ?? button).focus();
  panel.scrollIntoView({ block: "nearest" });
}

function choose(digit) {
  const box = document.querySelector(`details[data-act="r"][open] [data-digit="${digit}"]`);
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function undo() {
  if (!waiting) return;
  clearInterval(waiting.timer);
  const form = waiting.form;
  waiting = null;
  bar.hidden = true;
  form.querySelector("form > button:last-of-type, button").focus();
}

function send(form) {
  waiting = { form, timer: 0, left: UNDO_S };
  const words = bar.querySelector("[data-undo-words]");
  const pattern = words.dataset.undoWords;
  const say = () => {
    words.textContent = pattern.replace("{decision}", form.dataset.decision).replace("{seconds}", waiting.left);
  };
  bar.hidden = false;
  say();
  waiting.timer = setInterval(() => {
    waiting.left -= 1;
    if (waiting.left > 0) return say();
    clearInterval(waiting.timer);
    waiting = null;
    form.submit();
  }, 1000);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.decision || !bar) return;
  event.preventDefault();
  if (!waiting) send(form);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-undo]")) undo();
});
window.addEventListener("beforeunload", (event) => {
  if (waiting) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-decision] textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || root.dataset.letters === "off") return;
  if (event.key === "Escape" && waiting) return undo();
  if (event.key === "Enter" && event.target.matches("[data-decision] input[type=checkbox]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (typing(event.target) || event.target.closest("dialog")) return;
  if (event.key === "u") undo();
  else if (waiting) return;
  else if ("arx".includes(event.key)) { event.preventDefault(); open(event.key); }
  else if (event.key >= "1" && event.key <= "9") choose(event.key);
  else if (event.key === "j" || event.key === "k") document.querySelector(`[data-step="${event.key}"]`)?.click();
  else if (event.key === "q") document.querySelector("[data-back]")?.click();
});

async function post(what, fields) {
  const body = new URLSearchParams({ form_token: place.dataset.token, ...fields });
  return fetch(`${place.dataset.case}/${what}`, { method: "POST", body, headers: { "hx-request": "true" } });
}

let keeping = 0;
document.addEventListener("input", (event) => {
  const note = event.target.closest("[data-note]");
  if (!note || !place) return;
  clearTimeout(keeping);
  keeping = setTimeout(async () => {
    const answer = await post("note", { note: note.value }).catch(() => null);
    const words = note.parentElement.querySelector("[data-note-kept]");
    if (words) words.textContent = answer?.ok ? (await answer.text()).trim() : place.dataset.draftLost;
  }, KEEP_NOTE_MS);
});

if (place && "claimed" in place.dataset) {
  setInterval(() => {
    if (document.visibilityState === "visible") post("renew", {}).catch(() => null);
  }, RENEW_MS);
}

// Whether a decision leads to the next case: one switch for all forms, kept in this browser.
const GO_ON = "ostiary-go-on";
const switches = [...document.querySelectorAll("[data-go-on]")];
for (const each of switches) {
  each.checked = localStorage.getItem(GO_ON) === "on";
  each.addEventListener("change", () => {
    localStorage.setItem(GO_ON, each.checked ? "on" : "off");
    for (const other of switches) other.checked = each.checked;
  });
}

document.getElementById("problem")?.focus();
