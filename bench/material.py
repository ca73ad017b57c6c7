"""What the benchmark sends: one big photograph of a page, and persons."""

from __future__ import annotations

import io
from functools import cache

import msgspec
import numpy as np
from PIL import Image, ImageDraw, ImageFont

WIDTH_PX, HEIGHT_PX = 4000, 3000
LEAST_BYTES, MOST_BYTES = 3_800_000, 4_300_000
PAPER, INK = 228, 30
GRAIN = 4.0  # standard deviation of a sensor's noise, in grey levels
LETTERS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<", dtype=np.uint8)


@cache
def photograph(seed: int = 1) -> bytes:
    """A JPEG of 12 megapixels and about 4 MB, the same for the same seed: sharp print, even light, sensor noise."""
    random = np.random.default_rng(seed)
    page = Image.new("L", (WIDTH_PX, HEIGHT_PX), PAPER)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(64)
    for top in range(120, HEIGHT_PX - 160, 104):  # print this large stays print at a quarter of the scale
        pen.text((160, top), random.choice(LETTERS, 84).tobytes().decode(), fill=INK, font=font)
    grain = random.normal(0.0, GRAIN, (HEIGHT_PX, WIDTH_PX, 1)).astype(np.float32)
    tinted = np.asarray(page, dtype=np.float32)[..., None] * np.array([0.99, 1.0, 0.97], dtype=np.float32)
    return _compressed(Image.fromarray(np.clip(tinted + grain, 0, 255).astype(np.uint8)))


@cache
def small_photograph(seed: int = 1) -> bytes:
    """A JPEG of 0.8 megapixels that passes every check: what onboarding costs beside its pictures shows with it."""
    page = Image.open(io.BytesIO(photograph(seed)))
    out = io.BytesIO()
    page.crop((0, 0, 1024, 800)).save(out, "JPEG", quality=80)
    return out.getvalue()


def _compressed(picture: Image.Image) -> bytes:
    """The best quality that fits: the size is what the benchmark promises, whichever JPEG library is at work."""
    for quality in range(95, 60, -1):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() <= MOST_BYTES:
            break
    content = out.getvalue()
    assert LEAST_BYTES <= len(content) <= MOST_BYTES, f"{len(content)} bytes"
    return content


def person(mark: str) -> bytes:
    """The body that creates a client; `mark` makes the e-mail its own."""
    return msgspec.json.encode(
        {
            "first_name": "Maria",
            "second_name": "Julia",
            "last_name": "Barber",
            "email": f"maria.{mark}@example.com",
            "birth_date": "1984-11-21",
            "address": {
                "street_line1": "Florida 9860",
                "city": "Del Viso",
                "postal_code": "1669",
                "state": "ARG-B",
                "country": "ARG",
            },
            "phone_country_code": 54,
            "phone_number": 1168860622,
        }
    )


def passport_around(number: str) -> tuple[bytes, bytes]:
    """What stands before and after the base64 text in the body of an upload."""
    before = b'{"document": {"document_type": "passport", "image_front": "data:image/jpeg;base64,'
    after = f'", "metadata": {{"number": "{number}", "issuing_country": "ARG"}}}}}}'
    return before, after.encode()
