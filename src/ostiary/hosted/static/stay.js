// Warns before a session ends, with a way to stay that loses nothing of what is being typed.
const form = document.getElementById("ending");
const WARN_MS = 5 * 60000;

function wait() {
  const left = Number(form.dataset.until) - Number(form.dataset.now);
  setTimeout(() => { form.hidden = false; }, Math.max(0, left - WARN_MS));
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => null);
  if (answer?.type !== "opaqueredirect") return location.reload();
  form.hidden = true;
  const span = 60 * 60000;
  form.dataset.now = String(0);
  form.dataset.until = String(span);
  wait();
});

if (form) wait();
