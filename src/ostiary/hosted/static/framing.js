// Where the document is expected in the camera's picture, and whether something like it lies there and keeps still.
const SHARE = 0.86; // of the picture's tighter side: room for a hand that is not quite steady
const MARGIN = 0.08; // around the frame, sent too: all four corners are to be seen
const EDGE_LEAST = 10; // grey levels between table and paper
const EDGES_LEAST = 3; // one edge may lie on something of the paper's own shade
const MOVED_MOST = 6; // grey levels on average: noise is below, a document that moves by a line of print above
const SAMPLED = 8;

// The frame and what is sent, each as left, top, width, height in pixels of a picture of this size.
export function framed(width, height, proportions) {
  const across = Math.min(width * SHARE, height * SHARE * proportions);
  const down = across / proportions;
  const frame = [(width - across) / 2, (height - down) / 2, across, down];
  const left = Math.max(0, Math.round(frame[0] - across * MARGIN));
  const top = Math.max(0, Math.round(frame[1] - down * MARGIN));
  return { frame, sent: [left, top, width - 2 * left, height - 2 * top] };
}

// Whether edges lie along the frame, in the grey of what would be sent.
export function isFilled({ grey, width, height }) {
  const share = (2 * MARGIN) / (1 + 2 * MARGIN);
  const across = Array.from({ length: width }, (_, x) => mean(grey, x + Math.floor(height * 0.2) * width, width, Math.floor(height * 0.6)));
  const down = Array.from({ length: height }, (_, y) => mean(grey, y * width + Math.floor(width * 0.2), 1, Math.floor(width * 0.6)));
  const bands = [across, [...across].reverse(), down, [...down].reverse()];
  return bands.filter((band) => hasStep(band.slice(0, Math.ceil(band.length * share)))).length >= EDGES_LEAST;
}

function mean(grey, from, step, count) {
  let sum = 0;
  for (let at = from, left = count; left > 0; at += step, left--) sum += grey[at];
  return sum / count;
}

function hasStep(band) {
  const apart = Math.max(2, Math.floor(band.length / 4)); // an edge that is turned a little takes some pixels
  return band.some((shade, at) => at >= apart && Math.abs(shade - band[at - apart]) >= EDGE_LEAST);
}

export function isSteady(before, now) {
  if (!before || before.grey.length !== now.grey.length) return false;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < now.grey.length; at += SAMPLED, count++) sum += Math.abs(now.grey[at] - before.grey[at]);
  return sum / count <= MOVED_MOST;
}
