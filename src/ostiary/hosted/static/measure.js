// Sharpness and light of a picture, measured before it is sent as the service measures it afterwards: the same judging
// scale and the same extremes of tiles as adapters/pictures/colours.py and measures.py, whose names are used here. What
// is enough comes with the page. tests/browser/test_measures.py holds both against each other.
const JUDGED_PX_LEAST = 480000;
const TILE_PX = 32;
const STRONGEST = 0.2;
const FEWEST_TILES = 8;
const BLANK_BELOW = 0.5;
const FAINTEST_CONTRAST = 16;
const WHITE = 235;
const PRINT = 200;
const BRIGHT_PERCENTILE = 0.9;
const STRIP_PX = 256; // what is drawn at once: a telephone has no memory for a second picture of full size

export const shrinkOf = (width, height) =>
  [8, 4, 2].find((by) => Math.floor(width / by) * Math.floor(height / by) >= JUDGED_PX_LEAST) ?? 1;

// The grey of a part of what can be drawn (left, top, width, height), at the judging scale.
export function greyOf(source, part) {
  const [left, top, width, height] = part;
  const by = shrinkOf(width, height);
  const across = Math.floor(width / by);
  const down = Math.floor(height / by);
  const grey = new Uint8Array(across * down);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.min(STRIP_PX, height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  for (let done = 0; done < height; done += STRIP_PX) {
    const rows = Math.min(STRIP_PX, height - done);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, rows);
    pen.drawImage(source, left, top + done, width, rows, 0, 0, width, rows);
    shrunk(pen.getImageData(0, 0, width, rows), by, across, grey.subarray((done / by) * across));
  }
  return { grey, width: across, height: down };
}

function shrunk({ data, width, height }, by, across, into) {
  const half = (by * by) >> 1;
  for (let row = 0; row < Math.floor(height / by); row++) {
    for (let column = 0; column < across; column++) {
      let sum = half;
      for (let y = 0; y < by; y++) {
        let at = ((row * by + y) * width + column * by) * 4;
        for (let x = 0; x < by; x++, at += 4) sum += (data[at] * 19595 + data[at + 1] * 38470 + data[at + 2] * 7471 + 32768) >> 16;
      }
      into[row * across + column] = sum / (by * by);
    }
  }
}

// Shares from 0 to 1; sharpness is null where nothing has edges.
export function measure({ grey, width, height }) {
  const brightness = percentile(grey, width, height) / 255;
  const tile = Math.min(TILE_PX, width - 1, height - 1);
  if (tile < 1) return { sharpness: null, brightness, overexposed: 0 };
  const tiles = [];
  let burnt = 0;
  for (let top = 0; top + tile < height; top += tile) {
    for (let left = 0; left + tile < width; left += tile) {
      const seen = extremes(grey, width, left, top, tile);
      if (seen.brightest >= WHITE && seen.darkest >= PRINT) burnt++;
      tiles.push(seen);
    }
  }
  return { sharpness: sharpnessOf(tiles), brightness, overexposed: burnt / tiles.length };
}

function extremes(grey, width, left, top, tile) {
  let brightest = 0;
  let darkest = 255;
  let across = 0;
  let down = 0;
  for (let y = top; y < top + tile; y++) {
    for (let at = y * width + left, end = at + tile; at < end; at++) {
      const here = grey[at];
      if (here > brightest) brightest = here;
      if (here < darkest) darkest = here;
      across = Math.max(across, Math.abs(here - grey[at + 1]));
      down = Math.max(down, Math.abs(here - grey[at + width]));
    }
  }
  return { brightest, darkest, across, down, contrast: brightest - darkest };
}

function sharpnessOf(tiles) {
  const count = Math.min(tiles.length, Math.max(FEWEST_TILES, Math.floor(tiles.length * STRONGEST)));
  const strongest = tiles.sort((one, other) => other.contrast - one.contrast).slice(0, count);
  const typical = strongest[Math.min(count, FEWEST_TILES) - 1].contrast;
  if (typical < FAINTEST_CONTRAST) return null;
  const judged = strongest.filter((one) => one.contrast >= typical * BLANK_BELOW);
  return Math.min(median(judged.map((one) => one.across / one.contrast)), median(judged.map((one) => one.down / one.contrast)));
}

function median(values) {
  values.sort((one, other) => one - other);
  const middle = values.length >> 1;
  return values.length % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

function percentile(grey, width, height) {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let y = 0; y < height; y += 4) for (let x = 0; x < width; x += 4, total++) counts[grey[y * width + x]]++;
  const place = BRIGHT_PERCENTILE * (total - 1);
  const below = nth(counts, Math.floor(place));
  return below + (nth(counts, Math.ceil(place)) - below) * (place - Math.floor(place));
}

function nth(counts, place) {
  let shade = 0;
  for (let left = counts[0]; left <= place && shade < 255; left += counts[shade]) shade++;
  return shade;
}

// What the service would say of it: "small", "dark", "white", "blurred", or nothing. `least` has the page's limits.
export function problemOf({ sharpness, brightness, overexposed }, width, height, least) {
  if (Math.min(width, height) < least.shortPx || Math.max(width, height) < least.longPx) return "small";
  if (brightness < least.brightness) return "dark";
  if (overexposed > least.overexposed) return "white";
  return sharpness === null || sharpness < least.sharpness ? "blurred" : "";
}
