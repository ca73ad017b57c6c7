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
_LINE, _LETTERS_PX = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", 28
"""Doc 9303's own example: enough to be found as a line."""
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
    """A reader, with a page of every kind opened and one read: libraries have loaded what they load when first used."""
    import pillow_heif  # noqa: F401 (all that it needs; making a HEIC to read would take 50 MB)
    from PIL import Image, ImageDraw, ImageFilter, ImageFont  # noqa: F401 (filters are for files of two pages)

    from ostiary.adapters.pages.decoder import pages
    from ostiary.adapters.reader.recognition.documents import DocumentReader

    page = Image.new("RGB", (900, 300), "white")
    font = ImageFont.load_default(size=_LETTERS_PX)
    for row in range(2):
        ImageDraw.Draw(page).text((20, 80 + 60 * row), _LINE, "black", font)
    for kind in _KINDS:
        stored = BytesIO()
        page.save(stored, kind)
        list(pages(stored.getvalue()))
    reader = DocumentReader()
    reader.read([(FRONT, stored.getvalue())], (), date(2000, 1, 1))
    return reader


def _give(sink: int, answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(sink, left) :]


if __name__ == "__main__":
    main()
