"""Which Python measures: the fastest of those given, by the same few milliseconds of work on each.

CPython built with profile-guided optimisation (Debian's, Fedora's, python.org's, the container image's) runs this
project's code about a third faster than one built without it, as pyenv's default build is.

    python bench/interpreter.py /usr/bin/python3 python3      prints the path of the fastest one that is new enough
"""

from __future__ import annotations

import subprocess
import sys

ROUNDS = 5
PATIENCE_S = 60
WORK = """
import sys, timeit
if sys.version_info < (3, 11):
    sys.exit(1)
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
def work():
    total = 0
    for number in range(20_000):
        point = Point(number, str(number))
        total += len({"x": point.x, "y": point.y}) + len(f"{point.y}/{number}".split("/"))
    return total
print(min(timeit.repeat(work, number=1, repeat=5)), sys.executable)
"""


def measured(python: str) -> tuple[float, str] | None:
    """Seconds and the real path; None for one that is missing, broken or too old."""
    try:
        done = subprocess.run([python, "-c", WORK], capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    seconds, path = done.stdout.split(maxsplit=1)
    return float(seconds), path.strip()


def fastest(pythons: list[str]) -> str | None:
    """Each in turn, several times over: on a shared machine one round may be unlucky."""
    found = [one for _ in range(ROUNDS) for python in pythons if (one := measured(python)) is not None]
    return min(found)[1] if found else None


if __name__ == "__main__":
    best = fastest(sys.argv[1:])
    if best is None:
        sys.exit("Python 3.11 or newer is needed to measure: make bench MEASURING_PYTHON=/path/to/python3.11")
    print(best)
