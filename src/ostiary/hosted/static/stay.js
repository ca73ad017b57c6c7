// Warns before a session ends, with a way to stay that loses nothing of what is being typed.
const form = document.getElementById("ending");
const WARN_MS = 5 * 60000;
const IDLE_MS = 60 * 60000;
const opened = performance.now();

function wait(left) {
  setTimeout(() => { form.hidden = false; }, Math.max(0, left - WARN_MS));
}

// How long it is from when the page was made to a moment that stands in it.
const until = (name) => Number(form.dataset[name]) - Number(form.dataset.now);

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => null);
  if (answer?.type !== "opaqueredirect") return location.reload();
  form.hidden = true;
  wait(Math.min(IDLE_MS, until("ends") - (performance.now() - opened))); // nobody stays beyond the whole day
});

if (form) wait(until("until"));
