"""A process that puts itself into the cage, looks whether it holds, and says so: for `doctor`, which asks the kernel
itself and not a list of what its version should have."""

from __future__ import annotations

import errno
import os
from struct import Struct

from ostiary.adapters.cage.kernel import Support
from ostiary.adapters.isolation.confinement import answer_only, confine, enclose
from ostiary.adapters.isolation.process import run_isolated

_ANSWER = Struct("<?I")
_CPU_S, _ALARM_S, _MEMORY_BYTES, _WAIT_S = 5, 30, 200_000_000, 20.0


def tried() -> Support | None:
    """What was in force in a process of its own, and seen to refuse. None: it did not come to an end."""
    answer = run_isolated(__name__, (), b"", _WAIT_S, _ANSWER.size).answer
    return Support(*_ANSWER.unpack(answer)) if len(answer) == _ANSWER.size else None


def main() -> None:
    confine(_CPU_S, _ALARM_S, _MEMORY_BYTES)
    sink = answer_only()
    in_force = enclose(threads=False)
    os.write(sink, _ANSWER.pack(in_force.filters and _refusal() == errno.EPERM, in_force.landlock))
    os._exit(0)


def _refusal() -> int:
    """The filter is asked before everything else, and gives an error of its own."""
    try:
        os.close(os.open("/", os.O_RDONLY))
    except OSError as refused:
        return refused.errno or 0
    return 0


if __name__ == "__main__":
    main()
