"""The process that opens one picture for a person's eyes: bytes from its input, its pages in colour to its output.

It may be started before there is a picture, and loads what most of them need. It has no settings, no database and no
key, and ends with what it has when a page cannot be opened.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module

from ostiary.adapters.isolation.confinement import answer_only, confine, enclose
from ostiary.adapters.pages.decoder import FAULTS, PageRefused, pages
from ostiary.adapters.pages.portrait import is_portrait, portrait
from ostiary.adapters.pages.views import SIZE
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.documents.pictures import DOCUMENT_TYPES

PDF, HEIC = DOCUMENT_TYPES
PORTRAIT = "DG2"
"""A file of a chip, which nobody takes for a picture."""
_LIBRARIES = {PDF: "pypdfium2", HEIC: "pillow_heif", PORTRAIT: "PIL.Jpeg2KImagePlugin"}
CPU_S = 6
"""Colour takes some three times what the grey of the intake does, and an operator may wait."""
ALARM_S = 60
"""On the wall, waiting for its picture included."""
MEMORY_BYTES = 600_000_000
"""The largest HEIC that is opened takes 200 MB, two pages in colour 54 MB, and both are copied once."""

_ON_THE_WAY = (
    "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.WebPImagePlugin", "PIL.BmpImagePlugin", "PIL.ImageColor",
    "PIL.ImageFile", "PIL.ImagePalette", "PIL.TiffImagePlugin", "linecache", "tracemalloc",
)  # fmt: skip
"""What Pillow imports only when it is about to use it, and then no longer can."""


def main() -> None:
    confine(CPU_S, ALARM_S, MEMORY_BYTES)
    sink = answer_only()
    for module in _ON_THE_WAY:
        import_module(module)
    content = sys.stdin.buffer.read()
    kind = PORTRAIT if is_portrait(content) else media_type_of(content)
    if kind in _LIBRARIES:
        import_module(_LIBRARIES[kind])
    enclose(threads=kind == HEIC)  # the decoder of HEIC starts one
    with suppress(PageRefused, MemoryError, *FAULTS):
        for page in [portrait(content)] if kind == PORTRAIT else pages(content):
            answer = memoryview(SIZE.pack(*page.size) + page.tobytes())
            while answer:
                answer = answer[os.write(sink, answer) :]
    os._exit(0)  # at once: what the decoders still hold need not be tidied up


if __name__ == "__main__":
    main()
