#!/bin/bash
# zxing-cpp: the PDF417 barcode of a licence or identity card that lies a little askew in the picture.
#
# Expected: it is read at any angle, as QR and Aztec are, and `position` has the four corners of the symbol.
# What happens: it is read only while it is turned by 5 degrees at most, from the frame or from a quarter turn; from 6 to
#   80 degrees there is nothing, with `try_rotate` and `try_harder` as they come (both are on), at three pixels a module as
#   at six. Within these degrees the corners are no longer those of the symbol: at 5 degrees the left ones and the
#   lower right are right, and the upper right lies more than a quarter of the symbol's height below its place, so that the
#   outline has a slanting top. `orientation` says 2 degrees then. For the other two kinds both are right at any angle.
# Why it matters: "no barcode" is said of a sharp photograph, and who cuts the symbol out by its corners, or shows where a
#   value was read, cuts off part of its rows. A picture has to be turned upright before, and corners that make no
#   rectangle not to be believed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check zxing-cpp==3.1.1 numpy==2.4.6 pillow==13.0.0
"$folder/venv/bin/python" - <<'PY'
import math
from importlib.metadata import version

import numpy as np
import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat

print("zxing-cpp", version("zxing-cpp"))
LICENCE = "@\n\x1e\rANSI 636000090002DL00410278ZV03190008DLDAQT64235789\nDCSSPECIMEN\nDACUTOPIA\nDBD06062016"
DEGREES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 30, 45, 60, 75, 80, 86, 87, 88, 89, 90)


def symbol(kind, scale):
    made = zxingcpp.create_barcode(LICENCE, kind)
    grey = np.asarray(made.to_image(scale=scale, add_quiet_zones=False))
    grey = grey if grey.ndim == 2 else grey[..., 0]
    rows, columns = np.nonzero(grey < 128)
    return Image.fromarray(grey[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])


def read_turned(picture, degrees):
    """What is read of a symbol on a wide white page that was turned, and its corners as they lie on the symbol, in pixels."""
    (width, height), side = picture.size, 2 * max(picture.size)
    left, top = (side - width) // 2, (side - height) // 2
    page = Image.new("L", (side, side), 255)
    page.paste(picture, (left, top))
    found = zxingcpp.read_barcodes(page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255))
    if not found:
        return None, []
    cos, sin, centre, at = math.cos(math.radians(degrees)), math.sin(math.radians(degrees)), side / 2, found[0].position
    corners = []
    for point in (at.top_left, at.top_right, at.bottom_right, at.bottom_left):
        x, y = point.x - centre, point.y - centre
        corners.append((x * cos - y * sin + centre - left, x * sin + y * cos + centre - top))
    return found[0], corners


for scale in (3, 6):
    picture = symbol(BarcodeFormat.PDF417, scale)
    at = [degrees for degrees in DEGREES if read_turned(picture, degrees)[0]]
    print(f"PDF417, {picture.size[0]} x {picture.size[1]} px: read when turned by {at} degrees")
    assert at[:6] == [0, 1, 2, 3, 4, 5] and at[-5:] == [86, 87, 88, 89, 90], "the behaviour changed"
    assert not any(6 <= degrees <= 80 for degrees in at), "the behaviour changed"
for kind in (BarcodeFormat.QRCode, BarcodeFormat.Aztec):
    picture = symbol(kind, 4)
    (width, height), worst = picture.size, 0.0
    for degrees in DEGREES:
        found, corners = read_turned(picture, degrees)
        assert found, "the behaviour changed"
        places = ((0, 0), (width, 0), (width, height), (0, height))
        worst = max(worst, *map(math.dist, corners, places))
    print(f"{kind}: read at every one of these {len(DEGREES)} angles, no corner off by more than {worst:.1f} px")
    assert worst < 4, "the behaviour changed"
picture = symbol(BarcodeFormat.PDF417, 4)
width, height = picture.size
for degrees in (0, 2, 5):
    found, corners = read_turned(picture, degrees)
    shown = [(round(x), round(y)) for x, y in corners]
    print(f"PDF417 turned by {degrees}: {width} x {height} px, corners at {shown}, orientation {found.orientation}")
    assert (corners[1][1] > height / 4) == (degrees == 5), "the behaviour changed"
    assert all(math.dist(corner, place) < 10 for corner, place in ((corners[0], (0, 0)), (corners[2], (width, height)))), (
        "the behaviour changed"
    )
PY
