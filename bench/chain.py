"""The bare chain of an upload's parts, in this process: what the work costs when nothing is around it.

No HTTP, no database: decode the body's JSON, the base64, hash, decode the picture grey at a quarter of its scale,
measure its sharpness, encrypt, write durably. What a service spends beyond this is its own overhead.
"""

from __future__ import annotations

import hashlib
import io
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pybase64
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image

from bench.material import passport_around

SCALE = 4


class _Document(msgspec.Struct):
    document_type: str
    image_front: str
    metadata: dict[str, str]


class _Upload(msgspec.Struct):
    document: _Document


@dataclass(frozen=True)
class ChainCost:
    """Processor milliseconds of one pass: alone, and with as many at once as there are cores (which slows each)."""

    alone_ms: float
    crowded_ms: float


def measure_chain(picture: bytes, folder: Path, passes: int) -> ChainCost:
    """Medians over so many passes, after one that is not counted."""
    before, after = passport_around("AB1234567")
    body = before + pybase64.b64encode(picture) + after
    cipher = AESGCM(AESGCM.generate_key(256))
    files = iter(range(2 * passes + 1))

    def once(_: int = 0) -> float:
        return _pass_ms(body, cipher, folder / f"chain-{next(files)}")

    once()
    alone = [once() for _ in range(passes)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        crowded = list(pool.map(once, range(passes)))
    return ChainCost(statistics.median(alone), statistics.median(crowded))


def _pass_ms(body: bytes, cipher: AESGCM, path: Path) -> float:
    """The thread's own processor time, so that waiting for the disk and other threads do not count."""
    began = time.thread_time()
    upload = msgspec.json.decode(body, type=_Upload)
    content = pybase64.b64decode(upload.document.image_front.partition(",")[2], validate=True)
    hashlib.sha256(content).digest()
    with Image.open(io.BytesIO(content)) as picture:
        picture.draft("L", (picture.width // SCALE, picture.height // SCALE))
        grey = np.asarray(picture, dtype=np.float32)
    assert _laplacian_variance(grey) > 0
    nonce = os.urandom(12)
    _write_durably(path, nonce + cipher.encrypt(nonce, content, b"bench"))
    spent = time.thread_time() - began
    path.unlink()
    return spent * 1000


def _laplacian_variance(grey: npt.NDArray[np.float32]) -> float:
    inner = grey[1:-1, 1:-1]
    edges = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    return float(edges.var())


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
