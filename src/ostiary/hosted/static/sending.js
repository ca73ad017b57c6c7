// Making a picture as small as reading allows, and sending it: with its progress, and again when the connection breaks.
const QUALITY = 0.9; // of a JPEG: print keeps its edges, and a page takes 0.3 to 0.6 MB
const REDUCED = ["image/jpeg", "image/png", "image/webp", "image/bmp"];
const WAITS_S = [1, 2, 4, 8, 15, 30]; // a lift, a tunnel; then the person decides
const SILENT_MS = 30000; // without a byte going out or an answer: the connection is gone, though nothing says so
const PASSING = [0, 429, 502, 503, 504];

// The size to send a picture at: its longest side at most `longestPx`, unless its short side fell below what is taken.
export function sizeFor(width, height, limits) {
  const scale = Math.max(limits.longestPx / Math.max(width, height), limits.shortPx / Math.min(width, height));
  return scale >= 1 ? null : [Math.round(width * scale), Math.round(height * scale)];
}

export const jpegOf = (canvas) => new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));

// What is sent, and what of it can be drawn and measured: the file itself where it is small already, cannot be opened here
// (HEIC, PDF), or would not become smaller.
export async function reduced(file, picture, limits) {
  const size = picture && REDUCED.includes(file.type) ? sizeFor(picture.width, picture.height, limits) : null;
  if (!size) return [file, picture];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = size;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, ...size);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, ...size);
  const smaller = await jpegOf(canvas);
  return smaller && smaller.size < file.size ? [smaller, canvas] : [file, picture];
}

// Posts a form until there is an answer. One that had arrived already takes its own place: nothing is there twice.
// `told` hears "sending" with a share from 0 to 1, "waiting" with the attempt. Null: it did not work.
export async function send(address, body, told) {
  for (let attempt = 0; ; attempt++) {
    const answer = await posted(address, body, (share) => told("sending", share));
    if (!PASSING.includes(answer.status)) return answer;
    if (attempt === WAITS_S.length) return null;
    told("waiting", attempt + 1);
    await pause(Math.max(WAITS_S[attempt], Math.min(answer.waitS, WAITS_S.at(-1))));
  }
}

function posted(address, body, moved) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    let silent = 0;
    const heard = () => {
      clearTimeout(silent);
      silent = setTimeout(() => request.abort(), SILENT_MS);
    };
    const end = () => {
      clearTimeout(silent);
      const waitS = Number(request.status && request.getResponseHeader("retry-after")) || 0;
      done({ status: request.status, address: request.responseURL, text: request.responseText, waitS });
    };
    request.open("POST", address);
    request.upload.addEventListener("progress", (event) => {
      heard();
      if (event.lengthComputable) moved(event.loaded / event.total);
    });
    request.addEventListener("progress", heard);
    for (const name of ["load", "error", "abort"]) request.addEventListener(name, end);
    heard();
    request.send(body);
  });
}

// Ends early when the device says that it has a connection again.
function pause(seconds) {
  return new Promise((done) => {
    const timer = setTimeout(end, seconds * 1000);
    function end() {
      clearTimeout(timer);
      removeEventListener("online", end);
      done();
    }
    addEventListener("online", end);
  });
}
