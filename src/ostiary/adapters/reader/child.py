"""The reader's process: takes documents from its input and writes readings to its output, until the input ends.

It limits its memory and time before it loads anything, and confines itself before it sees the first document: a hostile
file that takes it over finds no settings, no database and no key, and can open nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.isolation.confinement import answer_only, bind, enclose
from ostiary.adapters.isolation.malloc import give_large_blocks_back
from ostiary.adapters.reader.protocol import LENGTH, MOST_ASKED_BYTES, READ_CPU_S, START_CPU_S, asked, framed
from ostiary.domain.documents.document import FRONT

if TYPE_CHECKING:
    from ostiary.adapters.reader.recognition.documents import DocumentReader

MEMORY_BYTES = 1 << 30
"""Of private memory: models and the largest picture stay within half of it."""
GIVE_UP_S = 180
"""On the wall, for one document: for when it hangs and the service is gone that would have ended it."""
NICE = 5
"""Reading may take as long as it takes; answering requests on the same cores comes first."""
_LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
"""Doc 9303's own example, drawn as it is printed: read at the first look."""
_LETTERS_PX, _PITCH_PX, _PAGE, _BLANK_PAGE = 28, 19, (900, 300), (320, 32)
_KINDS = ("PDF", "PNG", "WEBP", "BMP", "JPEG")


def main() -> None:
    """Answers until the input ends, then ends at once: what libraries do to tidy up is refused in the cage, and one of
    them waits for ever. The argument is how much nicer than usual the process is."""
    try:
        _answer_all()
    except BaseException:
        os._exit(1)
    os._exit(0)


def _answer_all() -> None:
    bind(MEMORY_BYTES)
    os.nice(NICE + int(sys.argv[1]) if sys.argv[1:] else NICE)
    _stop_after(START_CPU_S)
    give_large_blocks_back()
    sink, source = answer_only(), sys.stdin.buffer
    reader = _ready_reader()
    _stop_after(0)
    enclose(threads=True, timers=True)
    _give(sink, framed(b"ready"))
    while head := source.read(LENGTH.size):
        (length,) = LENGTH.unpack(head)
        if length > MOST_ASKED_BYTES:
            return
        question = asked(source.read(length))
        signal.alarm(GIVE_UP_S)
        _stop_after(READ_CPU_S)
        reading = reader.read(question.pictures, question.formats, question.today)
        _stop_after(0)
        signal.alarm(0)
        _give(sink, framed(reading))


def _stop_after(cpu_s: float) -> None:
    """SIGPROF ends the process once its threads have used so much from now on; 0: no longer."""
    signal.setitimer(signal.ITIMER_PROF, cpu_s)


def _ready_reader() -> DocumentReader:
    """A reader, with a page of every kind opened, one read and one searched in vain: libraries have loaded what they
    load when first used."""
    import pillow_heif  # noqa: F401 (all that it needs; making a HEIC to read would take 50 MB)
    from PIL import Image, ImageDraw, ImageFilter, ImageFont  # noqa: F401 (filters are for files of two pages)

    from ostiary.adapters.pages.decoder import pages
    from ostiary.adapters.reader.recognition.documents import DocumentReader

    page, blank = Image.new("RGB", _PAGE, "white"), BytesIO()
    drawn, font = ImageDraw.Draw(page), ImageFont.load_default(size=_LETTERS_PX)
    for row, line in enumerate(_LINES):
        for column, letter in enumerate(line):
            drawn.text((30 + _PITCH_PX * column, 150 + 60 * row), letter, "black", font, anchor="ms")
    for kind in _KINDS:
        stored = BytesIO()
        page.save(stored, kind)
        list(pages(stored.getvalue()))
    Image.new("RGB", _BLANK_PAGE, "white").save(blank, "PNG")
    reader = DocumentReader()
    for content in (stored, blank):
        reader.read([(FRONT, content.getvalue())], (), date(2000, 1, 1))
    return reader


def _give(sink: int, answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(sink, left) :]


if __name__ == "__main__":
    main()
