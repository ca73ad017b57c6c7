// Follows what becomes of what was sent: the page changes in place and is read aloud, where a reload would begin anew.
const place = document.querySelector("[data-waits]");
const EVERY_MS = 5000;

async function look() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected) return location.assign(answer.url);
  if (!answer?.ok && answer?.status !== 429) return answer ? location.reload() : wait();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = page.querySelector("main");
  if (news && news.querySelector("h1")?.textContent !== document.querySelector("main h1").textContent) {
    document.title = page.title;
    place.replaceChildren(...news.querySelector("[role=status]").childNodes);
  }
  if (page.querySelector("[data-waits]")) wait();
}

function wait() {
  setTimeout(look, EVERY_MS);
}

if (place) wait();
