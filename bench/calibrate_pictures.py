"""How well the thresholds for pictures separate: `python bench/calibrate_pictures.py FOLDER`.

For every JPEG and PNG in the folder and below, the measures as they are, and the sharpness after a Gaussian blur and
after a sideways smear at 1000 px width (JPEG, quality 90). Then pages drawn here. Exits 1 where a picture falls on the
wrong side: as it is refused for sharpness or light, or blurred with a sigma of 3 px or more and not refused for it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import SHARPNESS_LEAST, PictureFindings, PictureLimits, judge_picture

WIDTH_PX = 1000
SIGMAS_PX = (1.5, 2.0, 3.0, 4.0, 6.0)
MUST_FAIL_FROM_PX = 3.0
SMEAR_PX = 9
LIMITS = PictureLimits(max_bytes=100_000_000, min_short_side_px=1, min_long_side_px=1)  # size is not the question here
WHITE = (255, 255, 255)


def main(folder: Path) -> int:
    wrong = [fault for name, content in materials(folder) for fault in row(name, content)]
    print(*(f"WRONG: {fault}" for fault in wrong), sep="\n")
    return 1 if wrong else 0


def materials(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in {".jpg", ".jpeg", ".png"}:
            yield str(path.relative_to(folder)), path.read_bytes()
    for seed in range(3):
        yield f"(page {seed}, 1400 x 1000)", jpeg(page(seed))
        yield f"(page {seed}, 12 megapixels with noise)", jpeg(noisy(page(seed).resize((4000, 2857)), seed))


def row(name: str, content: bytes) -> list[str]:
    """Prints one row and gives what is on the wrong side."""
    as_is = probe(content, LIMITS)
    faults = [f"{name}: {code}" for code in codes(as_is)]
    normal = at_width(content)
    blurred = {sigma: probe(jpeg(normal.filter(ImageFilter.GaussianBlur(sigma))), LIMITS) for sigma in SIGMAS_PX}
    for sigma, found in blurred.items():
        if sigma >= MUST_FAIL_FROM_PX and "image_blurred" not in codes(found):
            faults.append(f"{name}: blurred by {sigma:g} px and taken, sharpness {found.sharpness}")
    values = [as_is.sharpness, *(one.sharpness for one in blurred.values())]
    values += [probe(jpeg(smeared(normal)), LIMITS).sharpness, as_is.brightness, as_is.overexposed]
    print(f"{name[:40]:40}", *(f"{-1 if value is None else value:6.2f}" for value in values))
    return faults


def codes(found: PictureFindings) -> list[str]:
    return [one.code.value for one in judge_picture("passport", "image_front", found, LIMITS)]


def at_width(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content)).convert("RGBA")
    paper = Image.new("RGBA", picture.size, WHITE)
    height_px = max(1, round(picture.height * WIDTH_PX / picture.width))
    return Image.alpha_composite(paper, picture).convert("RGB").resize((WIDTH_PX, height_px), Image.Resampling.LANCZOS)


def smeared(picture: Image.Image) -> Image.Image:
    """As a camera that moves sideways while it exposes."""
    shifted = [np.roll(np.asarray(picture, dtype=np.float32), by, axis=1) for by in range(SMEAR_PX)]
    return Image.fromarray(np.mean(shifted, axis=0).astype(np.uint8))


def page(seed: int, size_px: tuple[int, int] = (1400, 1000)) -> Image.Image:
    draw_from = random.Random(seed)
    picture = Image.new("RGB", size_px, (226, 230, 222))
    pen = ImageDraw.Draw(picture)
    for top in range(40, size_px[1] - 40, 28):
        text = "".join(draw_from.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") for _ in range(size_px[0] // 9))
        pen.text((40, top), text, fill=(20, 24, 40))
    return picture


def noisy(picture: Image.Image, seed: int, sigma_levels: float = 5) -> Image.Image:
    grain = np.random.default_rng(seed).normal(0, sigma_levels, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(f"{'':40} as is", *(f"  s{sigma:g}" for sigma in SIGMAS_PX), f" smear{SMEAR_PX} bright white; ", end="")
    print(f"sharp from {SHARPNESS_LEAST}")
    sys.exit(main(Path(sys.argv[1])))
