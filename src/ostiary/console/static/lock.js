// A page left open shows nothing once its session has ended: elsewhere, by time, or by an admin. Asks at most once a
// minute; asking does not prolong the session.
const ASK_EVERY_MS = 60_000;
const place = document.body.dataset.session;
let asked = performance.now();
let ends = Infinity;
let timer = 0;
let locked = false;

function lock() {
  locked = true;
  clearTimeout(timer);
  const texts = document.body.dataset;
  document.title = `${texts.locked} · Ostiary`;
  const main = document.createElement("main");
  main.className = "locked";
  const heading = document.createElement("h1");
  heading.textContent = texts.locked;
  heading.tabIndex = -1;
  const words = document.createElement("p");
  words.textContent = texts.lockedWords;
  const way = document.createElement("a");
  way.href = `/console/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  way.textContent = texts.signIn;
  main.append(heading, words, way);
  document.body.replaceChildren(main);
  heading.focus();
}

async function ask() {
  asked = performance.now();
  try {
    const answer = await fetch(place, { headers: { accept: "application/json" }, cache: "no-store" });
    if (answer.ok) ends = performance.now() + (await answer.json()).ends_in_s * 1000;
  } catch {
    // The service is away; what was known of the end still holds.
  }
  if (performance.now() >= ends) lock();
  else wait();
}

function wait() {
  clearTimeout(timer);
  const now = performance.now();
  const earliest = Math.max(0, asked + ASK_EVERY_MS - now);
  timer = setTimeout(ask, Math.max(earliest, Math.min(ASK_EVERY_MS, ends - now)));
}

// Timers sleep while a window is hidden or a machine is closed: looked at again at once, within the same bound.
function back() {
  if (locked || document.visibilityState !== "visible") return;
  if (performance.now() >= ends || performance.now() - asked >= ASK_EVERY_MS) ask();
}
document.addEventListener("visibilitychange", back);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) ask();
});
wait();
