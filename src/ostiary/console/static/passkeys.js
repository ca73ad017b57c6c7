// Signing in, setting up and adding by passkey (W3C Web Authentication). Forms that need it stay hidden where a browser
// has none; what the device says goes out with the form itself, as any other field.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
// What is said of an error of the browser's, by its name: in the language of the page.
const WORDS = { NotAllowedError: "saysNothing", InvalidStateError: "saysKnown", SecurityError: "saysElsewhere" };

async function challenge() {
  const answer = await fetch("/console/passkey/challenge", { headers: { accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error("no challenge");
  return (await answer.json()).challenge;
}

async function made(given, ask) {
  const user = { id: bytes(given.user), name: given.name, displayName: given.name };
  const kinds = [-7, -8, -257].map((alg) => ({ type: "public-key", alg }));
  const known = given.known.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));
  const credential = await navigator.credentials.create({
    publicKey: {
      rp: { id: given.site, name: "Ostiary" }, user, challenge: bytes(ask), pubKeyCredParams: kinds,
      excludeCredentials: known, attestation: "none",
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    },
  });
  const { clientDataJSON, attestationObject } = credential.response;
  return [credential, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) }];
}

async function shown(given, ask) {
  const credential = await navigator.credentials.get({
    publicKey: { challenge: bytes(ask), rpId: given.site, userVerification: "required" },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
  return [credential, { ...response, userHandle: text(userHandle ?? new ArrayBuffer(0)) }];
}

async function prove(form) {
  const say = form.querySelector("[data-says]");
  const button = form.querySelector("button");
  say.textContent = "";
  button.disabled = true;
  try {
    const ask = await challenge();
    const [credential, response] = await (form.dataset.passkey === "create" ? made : shown)(form.dataset, ask);
    form.elements.challenge.value = ask;
    form.elements.credential.value = JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
    form.submit();
  } catch (problem) {
    say.textContent = say.dataset[WORDS[problem.name] ?? "saysAgain"];
    button.disabled = false;
    button.focus();
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.closest("[data-with-passkeys]").hidden = false;
  if (location.origin !== form.dataset.origin) {
    const say = form.querySelector("[data-says]");
    say.textContent = say.dataset.saysOnly;
    form.querySelector("button").disabled = true;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    prove(form);
  });
}
