"""Taking a photo of a flat page, as a telephone would: on a table, turned, from aside, in uneven light, blurred, noisy.

For tests and measurements: the same page, seed and effects give the same bytes. Every effect is off unless asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

LONGEST_PX = 1600
TABLE_PX = 24
"""The table's grain is drawn that small, and enlarged."""
LIGHT_PX = 64
"""Light changes slowly: it is computed that small, and enlarged."""
MOST_PERSPECTIVE = 0.3
"""Of the page's size; beyond it a page may no longer be a quadrangle."""

_Points = npt.NDArray[np.float64]
_CORNERS: _Points = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64)


@dataclass(frozen=True, slots=True)
class Glare:
    """A lamp's reflection. Place and radius are shares of the page's width and height, from its upper left corner as
    it is printed; `strength` is that of its middle, 1 being pure white."""

    across: float = 0.6
    down: float = 0.85
    radius: float = 0.12
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a page is photographed.

    `turned_degrees`: counter-clockwise. `perspective`: how far each corner is moved at most, as a share of the page;
    `margin`: of the table around it, likewise. `gradient`: the share of light that the darkest corner lacks, `light`
    the share that all of it has. `blur_px`: a Gaussian's sigma. `noise`: standard deviation, in levels of 255.
    `longest_px`: the longer side of the photo.
    """

    turned_degrees: float = 0.0
    perspective: float = 0.0
    margin: float = 0.08
    gradient: float = 0.0
    light: float = 1.0
    glare: Glare | None = None
    blur_px: float = 0.0
    noise: float = 0.0
    longest_px: int = LONGEST_PX
    jpeg_quality: int = 88


def photographed(page: bytes | Image.Image, seed: int, shot: Shot) -> bytes:
    """A JPEG of the page on a table. ValueError for a perspective above 0.3."""
    if not 0 <= shot.perspective <= MOST_PERSPECTIVE:
        raise ValueError(f"a perspective is from 0 to {MOST_PERSPECTIVE}")
    flat = (page if isinstance(page, Image.Image) else Image.open(BytesIO(page))).convert("RGB")
    chance = np.random.default_rng(seed)
    corners, size = _laid(flat.size, shot.turned_degrees, shot.perspective, shot.margin, shot.longest_px, chance)
    photo = _on_table(flat, corners, size, chance)
    photo = _lit(photo, shot.gradient, shot.light, chance)
    if shot.glare is not None:
        photo = _glaring(photo, shot.glare, corners)
    luminance, blue, red = photo.convert("YCbCr").split()  # as JPEG has it; eyes and readers see sharpness there only
    if shot.blur_px > 0:
        luminance = luminance.filter(ImageFilter.GaussianBlur(shot.blur_px))
    if shot.noise > 0:
        luminance = _noisy(luminance, shot.noise, chance)
    out = BytesIO()
    Image.merge("YCbCr", (luminance, blue, red)).save(out, "JPEG", quality=shot.jpeg_quality)
    return out.getvalue()


def _laid(
    flat: tuple[int, int],
    degrees: float,
    perspective: float,
    margin: float,
    longest_px: int,
    chance: np.random.Generator,
) -> tuple[_Points, tuple[int, int]]:
    """Where the page's corners come to lie, in pixels, clockwise from the upper left one, and the photo's size."""
    moved = _CORNERS + chance.uniform(-perspective, perspective, (4, 2))
    angle = np.deg2rad(-degrees)
    turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    corners = (moved * flat) @ turn
    around = margin * max(flat)
    corners -= corners.min(axis=0) - around
    extent = corners.max(axis=0) + around
    scale = longest_px / extent.max()
    width, height = np.ceil(extent * scale).astype(int)
    return corners * scale, (int(width), int(height))


def _on_table(flat: Image.Image, corners: _Points, size: tuple[int, int], chance: np.random.Generator) -> Image.Image:
    """The page where its corners lie, everything else being table."""
    colour = chance.integers(50, 130) + chance.integers(-15, 16, 3)
    grain = np.clip(colour + chance.integers(-12, 13, (TABLE_PX, TABLE_PX, 1)), 0, 255).astype(np.uint8)
    table = Image.fromarray(grain).resize(size, Image.Resampling.BICUBIC)
    longest = max(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1))
    shrunk = max(1, int(max(flat.size) / longest))
    flat = flat.reduce(shrunk) if shrunk > 1 else flat  # else fine lines would come and go
    back = tuple(_projection(corners, _CORNERS * flat.size))
    turned = flat.convert("RGBA").transform(size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BILINEAR)
    table.paste(turned, (0, 0), turned)
    return table


def _projection(source: _Points, target: _Points) -> _Points:
    """The eight numbers a to h of the projection that takes four points to four others: x to (ax + by + c) / (gx + hy
    + 1), y to (dx + ey + f) over the same."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        values += [u, v]
    return np.linalg.solve(np.array(rows, np.float64), np.array(values, np.float64))


def _lit(photo: Image.Image, gradient: float, light: float, chance: np.random.Generator) -> Image.Image:
    """Light falls off in one direction, which the seed chooses."""
    direction = chance.uniform(0, 2 * np.pi)
    if gradient == 0 and light == 1:
        return photo
    down, across = np.mgrid[-1 : 1 : LIGHT_PX * 1j, -1 : 1 : LIGHT_PX * 1j]
    along = across * np.cos(direction) + down * np.sin(direction)
    share = light * (1 - gradient * (along - along.min()) / np.ptp(along))
    field = Image.fromarray(np.clip(share * 255, 0, 255).astype(np.uint8))
    field = field.resize(photo.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(photo, Image.merge("RGB", (field, field, field)))


def _glaring(photo: Image.Image, glare: Glare, corners: _Points) -> Image.Image:
    """Brightens to white around a place of the page; the spot is computed small, and enlarged."""
    a, b, c, d, e, f, g, h = _projection(corners, _CORNERS)
    xs = np.linspace(0, photo.width, LIGHT_PX * 2)
    ys = np.linspace(0, photo.height, LIGHT_PX * 2)[:, None]
    depth = g * xs + h * ys + 1
    across, down = (a * xs + b * ys + c) / depth, (d * xs + e * ys + f) / depth
    away = ((across - glare.across) ** 2 + (down - glare.down) ** 2) / glare.radius**2
    spot = Image.fromarray(np.clip(np.exp(-away) * glare.strength * 255, 0, 255).astype(np.uint8))
    photo = photo.copy()
    photo.paste((255, 255, 255), (0, 0, *photo.size), spot.resize(photo.size, Image.Resampling.BICUBIC))
    return photo


def _noisy(luminance: Image.Image, deviation: float, chance: np.random.Generator) -> Image.Image:
    """With grain, as photos in little light have. A byte of chance is looked up among the 256 parts of a normal
    distribution, which takes a tenth of the time of drawing from it."""
    levels = [round(128 + deviation * NormalDist().inv_cdf((shade + 0.5) / 256)) for shade in range(256)]
    grain = Image.frombytes("L", luminance.size, chance.bytes(luminance.width * luminance.height))
    return ImageChops.add(luminance, grain.point([min(255, max(0, level)) for level in levels]), offset=-128)
