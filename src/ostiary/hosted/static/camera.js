// The camera of the device: opening it, its light, and why it does not work. Whatever ends it says so by a word of the
// page; nothing is chosen in its place.
const WANTED = {
  audio: false,
  // An upright telephone then has 1440 pixels across, and a document in the frame over 1200: 27 for each of a
  // passport's 44 characters.
  video: { facingMode: { ideal: "environment" }, width: { ideal: 2560 }, height: { ideal: 1440 } },
};
const STALLED_MS = 4000; // without a new picture; cameras in the dark take one in half a second
const LOOK_MS = 500;
const REASONS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

// Opens it into a video. `stopped` is called once, with why, when it ends without `close`.
export async function openCamera(video, stopped) {
  if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error("no camera here"), { reason: "insecure" });
  const stream = await navigator.mediaDevices.getUserMedia(WANTED);
  const [track] = stream.getVideoTracks();
  let watch = 0;
  const close = () => {
    clearInterval(watch);
    for (const each of stream.getTracks()) each.stop();
    video.srcObject = null;
  };
  const lost = () => {
    if (!video.srcObject) return;
    close();
    stopped("stopped");
  };
  try {
    video.srcObject = stream;
    track.addEventListener("ended", lost);
    await video.play();
  } catch (problem) {
    close();
    throw problem;
  }
  let shown = -1;
  let since = performance.now();
  watch = setInterval(() => {
    if (video.currentTime !== shown || document.hidden) {
      shown = video.currentTime;
      since = performance.now();
    } else if (performance.now() - since > STALLED_MS) lost();
  }, LOOK_MS);
  return { close, torch: torchOf(track) };
}

export const reasonOf = (problem) => problem.reason ?? REASONS[problem.name] ?? "stopped";

// Turns the camera's lamp on and off; null where there is none. Only some telephones' browsers know of it.
function torchOf(track) {
  if (!track.getCapabilities?.().torch) return null;
  return (isOn) => track.applyConstraints({ advanced: [{ torch: isOn }] });
}
