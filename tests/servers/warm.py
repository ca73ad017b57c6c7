"""Processes of Python that have imported already, for tests of what a process does and not of how it starts, which
takes longer than most of what is done.

One warm process beside each that runs tests imports what is asked for, once, and forks for every one that is wanted:
that has memory of its own, can be killed, and is waited for. No thread runs where it forks, so what it forks holds no
lock of somebody else's. What it forks is killed when who asked for it is gone.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[2]
ASKED_BYTES = 1 << 18
"""Words and an environment; most sockets hold a little less."""
END_S = 180
"""On a machine whose cores are all busy."""


def run(
    target: str, *words: str, given: str = "", variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Calls a function (`module:name`) with these words in a process of its own, until that ends.

    `given` is its standard input. The status is that of `subprocess`: a negative one is the signal that ended it.
    """
    files = [os.memfd_create(name) for name in ("stdin", "stdout", "stderr")]
    try:
        os.write(files[0], given.encode(errors="surrogateescape"))
        os.lseek(files[0], 0, os.SEEK_SET)
        status = begun(target, *words, files=files, variables=variables).wait(END_S)
        output, complained = (_written(file) for file in files[1:])
    finally:
        for file in files:
            os.close(file)
    return subprocess.CompletedProcess([target, *words], status, output, complained)


class Forked:
    """A process that was begun, as `subprocess.Popen` would have it."""

    def __init__(self, channel: socket.socket) -> None:
        channel.settimeout(END_S)
        self._answers = channel.makefile()
        self._channel = channel
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its status, if it has ended."""
        if self.returncode is None and select.select([self._channel], [], [], 0)[0]:
            self._end()
        return self.returncode

    def wait(self, timeout: float = END_S) -> int:
        """Its status, once it has ended."""
        if self.returncode is None:
            if not select.select([self._channel], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            self._end()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, signal_number: int) -> None:
        """Nothing to one that has ended."""
        if self.poll() is None:
            os.kill(self.pid, signal_number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _end(self) -> None:
        self.returncode = int(self._answers.readline())
        self._answers.close()
        self._channel.close()


def begun(target: str, *words: str, files: Sequence[int], variables: Mapping[str, str] | None = None) -> Forked:
    """Calls a function (`module:name`) with these words in a process of its own. `files` are its standard ones."""
    asked = {"target": target, "words": words, "variables": dict(os.environ if variables is None else variables)}
    mine, its = socket.socketpair()
    with its:
        socket.send_fds(_warm(), [json.dumps(asked).encode()], [*files, its.fileno()])
    return Forked(mine)


def _written(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    with open(file, "rb", closefd=False) as content:
        return content.read().decode(errors="surrogateescape")


@lru_cache(maxsize=1)
def _warm() -> socket.socket:
    """To this process's own, which ends with it."""
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        line = [sys.executable, "-m", "tests.servers.warm", str(its.fileno())]
        started = subprocess.Popen(line, cwd=ROOT, pass_fds=[its.fileno()], start_new_session=True)

    def end() -> None:
        mine.close()
        started.wait(END_S)

    atexit.register(end)
    return mine


# ---- in the warm process --------------------------------------------------------------------------------------------


def serve(asking: socket.socket) -> None:
    """Until who asks is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait for what they forked
    while True:
        asked, files, _, _ = socket.recv_fds(asking, ASKED_BYTES, 4)
        if not asked:
            return
        wanted = json.loads(asked)
        module, _, name = wanted["target"].partition(":")
        work = getattr(importlib.import_module(module), name)
        if os.fork() == 0:
            asking.close()
            _wait(files.pop(), work, files, wanted)
        for file in files:
            os.close(file)


def _wait(channel: int, work: Callable[..., object], files: list[int], wanted: dict[str, Any]) -> NoReturn:
    """For the process that does it, to tell how it ended, also when it is killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        os.close(channel)
        _work(work, files, wanted)
    os.write(channel, f"{child}\n".encode())
    ends = os.pidfd_open(child)
    if ends not in select.select([ends, channel], [], [])[0]:
        os.kill(child, signal.SIGKILL)  # who asked for it is gone
    _, ended = os.waitpid(child, 0)
    with suppress(BrokenPipeError):
        os.write(channel, f"{os.waitstatus_to_exitcode(ended)}\n".encode())
    os._exit(0)


def _work(work: Callable[..., object], files: list[int], wanted: dict[str, Any]) -> NoReturn:
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(wanted["variables"])
    sys.stdin, sys.stdout, sys.stderr = open(0, closefd=False), open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115 (its own to its end)
    status = 0
    try:
        work(*wanted["words"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        sys.stderr.write(f"{end.code}\n" if isinstance(end.code, str) else "")
    except BaseException:
        traceback.print_exc()
        status = 1
    vars(threading)["_shutdown"]()  # as at the end of any process, without taking all modules to pieces: threads end,
    vars(atexit)["_run_exitfuncs"]()  # and what waits for the end, such as lines of a log, is done
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
