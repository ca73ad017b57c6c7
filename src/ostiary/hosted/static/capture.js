// Taking a picture of a document: the camera beside the file input, which works without any of this. What is seen is
// measured before it is sent, as the service will; a good picture that keeps still is taken by itself. Every word that is
// said stands in the page, in its language.
import { openCamera, reasonOf } from "./camera.js";
import { framed, isFilled, isSteady } from "./framing.js";
import { greyOf, measure, problemOf } from "./measure.js";
import { jpegOf, reduced, send } from "./sending.js";

const STEADY_FRAMES = 4; // with the pause between them over half a second: nobody holds still so long by chance
const PAUSE_MS = 150;
const SAID_EVERY_MS = 1500; // a voice that reads it aloud is not interrupted all the time
const TOLD_EVERY = 0.25; // of what is sent

class Capture {
  constructor(form) {
    this.form = form;
    this.file = form.querySelector("input[type=file]");
    this.status = form.querySelector("[data-status]");
    this.limits = Object.fromEntries(Object.entries(form.dataset).map(([name, text]) => [name, Number(text)]));
    this.video = this.part("video");
    this.picked = null; // what will be sent
    this.saidAt = 0;
    for (const [name, act] of Object.entries({
      open: () => this.open(), release: () => this.release(), torch: () => this.light(), close: () => this.end(),
      anyway: () => this.send(), again: () => this.send(),
    })) this.part(name).addEventListener("click", act);
    this.file.addEventListener("change", () => this.choose());
    form.addEventListener("submit", (event) => {
      if (!this.file.files.length && !this.picked) return;
      event.preventDefault();
      this.send();
    });
    addEventListener("pagehide", () => this.camera?.close());
    this.show("open");
  }

  part(name) {
    return this.form.querySelector(`[data-part=${name}]`);
  }

  // Of the parts that come and go, these are there.
  show(...names) {
    for (const part of this.form.querySelectorAll("[data-part]")) {
      if (part.dataset.part !== "frame") part.hidden = !names.includes(part.dataset.part);
    }
  }

  say(word, values = {}) {
    if (this.word === word && !Object.keys(values).length) return;
    this.word = word;
    this.saidAt = performance.now();
    const name = `says${word[0].toUpperCase()}${word.slice(1)}`;
    const text = Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, value), this.status.dataset[name]);
    this.status.textContent = text;
    this.status.dataset.state = word;
  }

  // ---- with the camera ----------------------------------------------------------------------------------------------

  async open() {
    if (this.isSending) return;
    this.picked = null;
    this.say("opening");
    this.show();
    try {
      this.camera = await openCamera(this.video, (reason) => this.fail(reason));
    } catch (problem) {
      this.fail(reasonOf(problem));
      return;
    }
    this.show("camera", "video", "release", "close", ...(this.camera.torch ? ["torch"] : []));
    this.part("torch").setAttribute("aria-pressed", "false");
    this.part("release").focus();
    this.say("place");
    this.look();
  }

  // It says why, and the file input stays where it is.
  fail(reason) {
    this.camera = null;
    this.show("open");
    this.say(reason);
    this.part("open").focus();
  }

  end() {
    this.camera?.close();
    this.camera = null;
    this.show("open");
    this.say("closed");
    this.part("open").focus();
  }

  async light() {
    const button = this.part("torch");
    const isOn = button.getAttribute("aria-pressed") !== "true";
    try {
      await this.camera.torch(isOn);
      button.setAttribute("aria-pressed", String(isOn));
    } catch {
      button.hidden = true;
      this.say("torchless");
    }
  }

  async look() {
    const camera = this.camera;
    let before = null;
    let good = 0;
    while (this.camera === camera && camera) {
      const seen = this.seen();
      if (seen) {
        const steady = isSteady(before, seen.grey);
        before = seen.grey;
        good = steady && !seen.problem && isFilled(seen.grey) ? good + 1 : 0;
        if (good >= STEADY_FRAMES) return this.take(seen);
        if (performance.now() - this.saidAt > SAID_EVERY_MS) this.say(good ? "hold" : seen.problem || "place");
      }
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }

  // What the camera sees now, drawn as it would be sent, and what is wrong with it.
  seen() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || document.hidden) return null;
    const { frame, sent } = framed(videoWidth, videoHeight, this.limits.proportions);
    const overlay = this.part("frame").style;
    const sides = { left: frame[0] / videoWidth, top: frame[1] / videoHeight, width: frame[2] / videoWidth, height: frame[3] / videoHeight };
    for (const [side, share] of Object.entries(sides)) overlay[side] = `${share * 100}%`;
    const canvas = this.part("taken");
    [canvas.width, canvas.height] = sent.slice(2);
    canvas.getContext("2d", { willReadFrequently: true }).drawImage(this.video, ...sent, 0, 0, sent[2], sent[3]);
    const grey = greyOf(canvas, [0, 0, canvas.width, canvas.height]);
    return { grey, problem: problemOf(measure(grey), canvas.width, canvas.height, this.least) };
  }

  get least() {
    const { shortPx, longPx, sharpnessLeast, brightnessLeast, overexposedMost } = this.limits;
    return { shortPx, longPx, sharpness: sharpnessLeast, brightness: brightnessLeast, overexposed: overexposedMost };
  }

  release() {
    const seen = this.seen();
    if (seen) this.take(seen);
  }

  async take({ problem }) {
    this.camera?.close();
    this.camera = null;
    this.picked = await jpegOf(this.part("taken"));
    this.file.value = "";
    if (!problem) return this.send();
    this.show("camera", "taken", "open", "anyway");
    this.say(problem);
    this.part("open").focus();
  }

  // ---- with a file --------------------------------------------------------------------------------------------------

  async choose() {
    const [file] = this.file.files;
    this.camera?.close();
    this.camera = null;
    this.picked = null;
    this.show("open");
    if (!file) return this.say("nothing");
    const picture = await createImageBitmap(file).catch(() => null); // HEIC and PDF: the service opens them
    const [content, drawn] = await reduced(file, picture, this.limits);
    if (file !== this.file.files[0]) return;
    this.picked = content;
    if (content.size > this.limits.maxBytes) return this.say("large");
    if (!picture) return this.say("unseen");
    const { width, height } = drawn;
    const problem = problemOf(measure(greyOf(drawn, [0, 0, width, height])), width, height, this.least);
    picture.close();
    this.say(problem || "good");
  }

  // ---- sending ------------------------------------------------------------------------------------------------------

  async send() {
    if (this.isSending) return;
    const content = this.picked ?? this.file.files[0];
    this.isSending = true;
    const isShown = content.name === undefined ? ["camera", "taken"] : [];
    this.show(...isShown, "progress");
    this.form.setAttribute("aria-busy", "true");
    const body = new FormData(this.form);
    body.set(this.file.name, content, content.name ?? "picture.jpg");
    let told = -1;
    const answer = await send(this.form.action, body, (what, value) => {
      if (what === "waiting") return this.say("broken", { attempt: value });
      this.part("progress").value = value;
      if (value >= 1) return this.say("judging");
      if (value < told + TOLD_EVERY && this.word === "sending") return;
      told = value;
      this.say("sending", { percent: Math.round(value * 100) });
    });
    this.isSending = false;
    this.form.removeAttribute("aria-busy");
    if (answer) return this.follow(answer);
    this.show(...isShown, "open", "again");
    this.say("unsent");
    this.part("again").focus();
  }

  // To where the answer led; a page that was answered here takes this one's place.
  follow(answer) {
    if (answer.address !== this.form.action) return location.assign(answer.address);
    const page = new DOMParser().parseFromString(answer.text, "text/html");
    document.title = page.title;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    start();
    const first = document.querySelector("main [role=alert]") ?? document.querySelector("main h1");
    first?.setAttribute("tabindex", "-1");
    first?.focus();
  }
}

function start() {
  for (const form of document.querySelectorAll("form[data-capture]")) new Capture(form);
}

start();
