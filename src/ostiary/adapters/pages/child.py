"""The process that opens one PDF or HEIC: bytes from its input, one page in grey to its output, and ends.

It is told the most pixels a picture may have. It has no settings, no database and no key.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from ostiary.adapters.isolation.confinement import answer_only, confine, enclose
from ostiary.adapters.pages import pdf
from ostiary.adapters.pages.answer import HEAD, PAGE_PROCESS_BYTES, PageVerdict
from ostiary.adapters.pages.choice import shown_page
from ostiary.adapters.pages.decoder import FAULTS
from ostiary.adapters.pictures import heic
from ostiary.adapters.pictures.colours import flattened, judging_shrink
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.documents.pictures import DOCUMENT_TYPES

PDF, _ = DOCUMENT_TYPES
CPU_S = 2
"""A HEIC of 24 megapixels takes 0.4 s, a scanned page 0.1 s, start included."""
ALARM_S = 40
"""On the wall: for when the service is gone that would have ended it sooner."""
_ON_THE_WAY = ("PIL.ImageColor", "PIL.ImageFile", "PIL.ImageFilter")
"""What Pillow imports only when it is about to use it, and then no longer can."""


def main() -> None:
    confine(CPU_S, ALARM_S, PAGE_PROCESS_BYTES)
    sink = answer_only()
    answer = memoryview(_answer(sys.stdin.buffer.read(), int(sys.argv[1])))
    while answer:
        answer = answer[os.write(sink, answer) :]
    os._exit(0)  # at once: what the decoders still hold need not be tidied up


def _answer(content: bytes, max_pixels: int) -> bytes:
    is_pdf = media_type_of(content) == PDF
    for module in ("pypdfium2" if is_pdf else "pillow_heif", *_ON_THE_WAY):
        import_module(module)
    enclose(threads=not is_pdf)  # the decoder of HEIC starts one
    try:
        return _pdf(content) if is_pdf else _heic(content, max_pixels)
    except MemoryError:
        return HEAD.pack(PageVerdict.TOO_COSTLY, 0, 0, 0, 0)
    except FAULTS:
        return HEAD.pack(PageVerdict.DAMAGED, 0, 0, 0, 0)


def _pdf(content: bytes) -> bytes:
    page = shown_page(list(pdf.pages(content, "L")))
    grey = flattened(page, "L", judging_shrink(*page.size))
    return HEAD.pack(PageVerdict.OPENED, *page.size, *grey.size) + grey.tobytes()


def _heic(content: bytes, max_pixels: int) -> bytes:
    picture = heic.HeicPicture(content)
    width, height = picture.outline.width_px, picture.outline.height_px
    if picture.outline.too_costly or width * height > max_pixels:
        return HEAD.pack(PageVerdict.TOO_COSTLY, width, height, 0, 0)
    grey = picture.decode("L", judging_shrink(width, height))
    return HEAD.pack(PageVerdict.OPENED, width, height, *grey.size) + grey.tobytes()


if __name__ == "__main__":
    main()
