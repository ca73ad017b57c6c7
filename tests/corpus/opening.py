"""`python -m tests.corpus.opening intake|reader`: opens one file after another, each in a process of its own that is
bound as the service's own are, and says what came of it and what it took.

What it forks has imported already, which takes longer than opening most files. That a process which starts afresh can
open them is in `adapters/test_isolated_pages.py`. It is small: a child's peak memory counts from what its parent had.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen

from ostiary.adapters.isolation import process
from ostiary.adapters.isolation.confinement import confine
from ostiary.adapters.pages import child
from ostiary.adapters.pages.decoder import PageRefused, pages
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture

READER_ALARM_S, READER_BYTES, LONGEST_PX = 20, 1 << 30, 3000
OPENED, REFUSED, WRONG = range(3)
READ = {OPENED: "opened", REFUSED: "refused", WRONG: "wrong"}
"""Exit statuses of a reader, and what they say."""
IS_LINUX = sys.platform == "linux"
LIBRARIES = ("pypdfium2", "pillow_heif", *child._ON_THE_WAY)


@dataclass(frozen=True)
class Answer:
    """`ended` holds the codes of an intake, or how a reader ended. Memory is that of the largest child so far, and so
    nothing where it was not larger than all before."""

    ended: list[str]
    took_s: float
    memory_kb: int


class Forked:
    """What a `Popen` of the process that opens pages is to those who started it."""

    def __init__(self, arguments: tuple[str, ...], fresh_bytes: int) -> None:
        source, given = os.pipe()
        taken, sink = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            os.dup2(source, 0)
            os.dup2(sink, 1)
            sys.stdin, sys.argv = open(0, closefd=False), [child.__name__, *arguments]  # noqa: SIM115 (its own to its end)
            if fresh_bytes:
                vars(child)["PAGE_PROCESS_BYTES"] += _data_bytes() - fresh_bytes
            child.main()
        os.close(source)
        os.close(sink)
        self.stdin, self.stdout = open(given, "wb", buffering=0), open(taken, "rb", buffering=0)  # noqa: SIM115 (who asked closes them)

    def wait(self) -> None:
        _, ended = os.waitpid(self.pid, 0)
        self.returncode = os.waitstatus_to_exitcode(ended)


def _data_bytes() -> int:
    """What the limit of memory counts of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmData:"))


def _fresh_data_bytes() -> int:
    """And of one that starts afresh, which has imported what it needs alone: what is forked has more before it begins,
    and as much left for a page."""
    program = "import sys; from pathlib import Path; import " + ", ".join((child.__name__, *LIBRARIES))
    program += f"\n{inspect.getsource(_data_bytes)}\nsys.stdout.write(str(_data_bytes()))"
    done = subprocess.run([sys.executable, "-IB", "-c", program], capture_output=True, text=True, check=True)
    return int(done.stdout)


def _intake(content: bytes, _cpu_s: int) -> list[str]:
    limits = PictureLimits().with_pages()
    refused = judge_picture("passport", "image_front", probe(content, limits), limits)
    return [rejection.code.value for rejection in refused]


def _reader(content: bytes, cpu_s: int) -> list[str]:
    pid = os.fork()
    if pid == 0:
        _read(content, cpu_s)
    _, ended = os.waitpid(pid, 0)
    status = os.waitstatus_to_exitcode(ended)
    if status in process._STOPPED:
        return ["stopped"]
    return [READ.get(status, "crashed")]


def _read(content: bytes, cpu_s: int) -> None:
    status = WRONG
    try:
        confine(cpu_s, READER_ALARM_S, READER_BYTES)
        sizes = [page.size for page in pages(content)]
        status = OPENED if sizes and max(map(max, sizes)) <= LONGEST_PX else WRONG
    except PageRefused:
        status = REFUSED
    finally:
        os._exit(status)


def serve(work: Callable[[bytes, int], list[str]]) -> None:
    """Lines name a file and the seconds of processor time that a reader has; answers are lines as well."""
    for module in LIBRARIES:
        importlib.import_module(module)
    fresh_bytes = _fresh_data_bytes() if IS_LINUX else 0
    vars(process)["started"] = lambda _module, arguments: Forked(arguments, fresh_bytes)
    for line in sys.stdin:
        path, cpu_s = json.loads(line)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = work(Path(path).read_bytes(), cpu_s)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        memory_kb = after.ru_maxrss if after.ru_maxrss > before.ru_maxrss else 0
        sys.stdout.write(json.dumps([ended, took_s, memory_kb]) + "\n")
        sys.stdout.flush()


Open = Callable[..., Answer]


@contextmanager
def opening(what: str) -> Iterator[Open]:
    """For tests: a function that has a file opened, which says what came of it."""
    line = [sys.executable, "-m", __name__, what]
    with Popen(line, cwd=Path(__file__).parents[2], stdin=PIPE, stdout=PIPE, text=True) as opener:
        given, taken = opener.stdin, opener.stdout
        assert given is not None
        assert taken is not None

        def opened(path: Path, cpu_s: int = 2) -> Answer:
            given.write(json.dumps([str(path), cpu_s]) + "\n")
            given.flush()
            return Answer(*json.loads(taken.readline()))

        yield opened


if __name__ == "__main__":
    serve({"intake": _intake, "reader": _reader}[sys.argv[1]])
