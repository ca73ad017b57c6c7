"""Pictures of the peer: decoded, judged, hashed and written. Called in the thread pool."""

import base64
import binascii
import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

LEAST_SIDE_PX = 600
REDUCED_PX = 1000
LEAST_SHARPNESS = 50.0


class PictureRefused(Exception):
    """The picture cannot be taken; the message says why."""


@dataclass(frozen=True)
class Picture:
    sha256: str
    width: int
    height: int
    sharpness: float


def inspect(data_uri: str) -> tuple[bytes, Picture]:
    """The picture's bytes and what was measured of it. Raises PictureRefused."""
    header, _, encoded = data_uri.partition(",")
    if header not in ("data:image/jpeg;base64", "data:image/png;base64"):
        raise PictureRefused("The picture's type is not supported.")
    try:
        content = base64.b64decode(encoded, validate=True)
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
            shrink = max(1, max(width, height) // REDUCED_PX)
            grey = np.asarray(picture.convert("L").resize((width // shrink, height // shrink)), dtype=np.float32)
    except (binascii.Error, UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise PictureRefused("The picture cannot be read.") from None
    if min(width, height) < LEAST_SIDE_PX:
        raise PictureRefused("The picture is too small.")
    sharpness = laplacian_variance(grey)
    if sharpness < LEAST_SHARPNESS:
        raise PictureRefused("The picture is blurred.")
    return content, Picture(hashlib.sha256(content).hexdigest(), width, height, sharpness)


def laplacian_variance(grey: np.ndarray) -> float:
    inner = grey[1:-1, 1:-1]
    edges = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    return float(edges.var())


def store(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
