"""Whether the libraries that documents are read with are installed, without importing any of them."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = ("cv2", "onnxruntime", "pillow_heif", "pypdfium2", "rapidocr", "zxingcpp")
INSTALL = "pip install --require-hashes -r requirements/documents.txt, from the source of this version"
"""Never by the project's name: an index may hold somebody else's package under it."""


def missing() -> tuple[str, ...]:
    """The modules that are not there; empty when documents can be read."""
    return tuple(name for name in NEEDED if find_spec(name) is None)
