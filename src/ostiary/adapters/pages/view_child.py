"""The process that opens one PDF or HEIC for a person's eyes: bytes from its input, its pages in colour to its output.

It has no settings, no database and no key, and ends with what it has when a page cannot be opened.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module

from ostiary.adapters.isolation.confinement import answer_only, confine, enclose
from ostiary.adapters.pages.decoder import PageRefused, pages
from ostiary.adapters.pages.views import SIZE
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.documents.pictures import DOCUMENT_TYPES

PDF, _ = DOCUMENT_TYPES
CPU_S = 6
"""Colour takes some three times what the grey of the intake does, and an operator may wait."""
ALARM_S = 20
MEMORY_BYTES = 600_000_000
"""The largest HEIC that is opened takes 200 MB, two pages in colour 54 MB, and both are copied once."""

_ON_THE_WAY = ("PIL.ImageColor", "PIL.ImageFile")
"""What Pillow imports only when it is about to use it, and then no longer can."""


def main() -> None:
    confine(CPU_S, ALARM_S, MEMORY_BYTES)
    sink = answer_only()
    content = sys.stdin.buffer.read()
    is_pdf = media_type_of(content) == PDF
    for module in ("pypdfium2" if is_pdf else "pillow_heif", *_ON_THE_WAY):
        import_module(module)
    enclose(threads=not is_pdf)  # the decoder of HEIC starts one
    with suppress(PageRefused):
        for page in pages(content):
            answer = memoryview(SIZE.pack(*page.size) + page.tobytes())
            while answer:
                answer = answer[os.write(sink, answer) :]
    os._exit(0)  # at once: what the decoders still hold need not be tidied up


if __name__ == "__main__":
    main()
