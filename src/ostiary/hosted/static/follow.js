// Follows on a computer what is done on the phone: looks again and again, more and more rarely, and only while somebody
// may see it. Once nothing is left to do there, this page goes on as well.
const FIRST_MS = 3000;
const LONGEST_MS = 15000;
const SLOWER = 1.2;
const place = document.querySelector("[data-follow]");
let pause = FIRST_MS;

async function look() {
  if (document.hidden) return again();
  const answer = await fetch(place.dataset.follow, { cache: "no-store" }).catch(() => null);
  if (!answer) return again();
  if (answer.redirected || !answer.ok) return location.assign(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-follow]");
  if (page && page.textContent !== place.textContent) {
    place.replaceChildren(...page.childNodes);
    pause = FIRST_MS;
  }
  again();
}

function again() {
  setTimeout(look, pause);
  pause = Math.min(LONGEST_MS, pause * SLOWER);
}

if (place) again();
