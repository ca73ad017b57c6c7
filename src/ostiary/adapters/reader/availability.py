"""Whether the extra `ostiary[documents]` is installed, without importing any of it."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = ("cv2", "onnxruntime", "pillow_heif", "pypdfium2", "rapidocr", "zxingcpp")


def missing() -> tuple[str, ...]:
    """The modules of the extra that are not there; empty when documents can be read."""
    return tuple(one for one in NEEDED if find_spec(one) is None)
