"""The process that measures pictures at intake: questions from its input, answers on its output, until the input ends.

It binds itself before it loads anything, and encloses itself before it sees the first picture: what a hostile file
could take over here has no settings, no database, no key, and can open nothing. Its argument is the handle that
pictures lie in.
"""

from __future__ import annotations

import os
import signal
import sys
from io import BytesIO

from ostiary.adapters.isolation.confinement import answer_only, bind, enclose
from ostiary.adapters.isolation.malloc import keep_large_blocks
from ostiary.adapters.pictures import intake_answer
from ostiary.adapters.pictures.decoding import DECODING_FAULTS, measured
from ostiary.adapters.pictures.intake_answer import MEDIA_TYPES, QUESTION, MeasuredPicture, packed

KEPT_BYTES = 6 << 20
"""Of memory that is free again: a process that waits stays small, and more spares no time that could be measured."""
_INPUT = 0
_SIZE = (900, 700)
"""In pixels, of what is opened at the start: large enough to be made smaller."""
_SAVED = (
    ("JPEG", ("L", "RGB", "CMYK")), ("PNG", ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")), ("WEBP", ("RGB", "RGBA")),
    ("BMP", ("1", "L", "P", "RGB")),
)  # fmt: skip
_ON_THE_WAY = ("PIL.ImageColor", "PIL.ImageFile", "PIL.ImagePalette", "PIL.TiffImagePlugin", "linecache", "tracemalloc")
"""What Pillow and its warnings import only when they are about to use it, and then no longer can."""


def main() -> None:
    """Ends at once, whatever comes: what libraries do to tidy up is refused in the cage."""
    try:
        _answer_all(int(sys.argv[1]))
    except BaseException:
        os._exit(1)
    os._exit(0)


def _answer_all(content: int) -> None:
    bind(intake_answer.MEASURING_PROCESS_BYTES, descriptor=content)
    os.putenv("OPENBLAS_NUM_THREADS", "1")  # numpy's library would start one for each core, and none is used
    _stop_after(intake_answer.START_CPU_S)
    keep_large_blocks(KEPT_BYTES)
    sink = answer_only()
    _load()
    _stop_after(0)
    enclose(threads=False, timers=True)
    signal.alarm(intake_answer.IDLE_CHILD_S)
    os.write(sink, intake_answer.READY)
    while question := os.read(_INPUT, QUESTION.size):
        signal.alarm(intake_answer.GIVE_UP_S)
        _stop_after(intake_answer.MEASURE_CPU_S)
        answer = packed(_judged(content, *QUESTION.unpack(question)))
        _stop_after(0)
        signal.alarm(intake_answer.IDLE_CHILD_S)
        os.write(sink, answer)


def _judged(content: int, kind: int, size_bytes: int, width_px: int, height_px: int) -> MeasuredPicture:
    os.lseek(content, 0, os.SEEK_SET)
    try:
        return MeasuredPicture(measured(MEDIA_TYPES[kind], os.read(content, size_bytes), width_px, height_px))
    except MemoryError:
        return MeasuredPicture(too_costly=True)
    except DECODING_FAULTS:
        return MeasuredPicture()


def _stop_after(cpu_s: float) -> None:
    """SIGPROF ends the process once it has used so much from now on; 0: no longer."""
    signal.setitimer(signal.ITIMER_PROF, cpu_s)


def _load() -> None:
    """A picture of every kind is measured: libraries have loaded what they load when first used."""
    from importlib import import_module

    from PIL import Image

    for name in _ON_THE_WAY:
        import_module(name)
    for at, (kind, modes) in enumerate(_SAVED):
        for mode in modes:
            stored = BytesIO()
            Image.new(mode, _SIZE).save(stored, kind)
            measured(MEDIA_TYPES[at], stored.getvalue(), *_SIZE)


if __name__ == "__main__":
    main()
