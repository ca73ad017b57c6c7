"""What a command that gives the master key writes to its output: a secret store's client, or one that asks a token.

It is started without a shell, by its whole path, with nothing to read and without our own settings; in a group of its
own, which is ended when it takes too long or writes too much. What it complains of may hold a secret, and is left out.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

from ostiary.domain.errors import KeyMismatch

LONGEST_S = 30.0
"""A store over the network that asks another answers within it; whoever waits at a start should hear why."""
MOST_BYTES = 16_384
"""A ring of 256 keys in base64 with their numbers."""
_OURS = "OSTIARY_"


def output_of(command: Sequence[str], longest_s: float = LONGEST_S) -> str:
    """Raises KeyMismatch, saying how it failed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    try:
        process = subprocess.Popen(  # noqa: S603 (the operator's own, by its whole path and without a shell)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except (OSError, ValueError) as problem:
        raise KeyMismatch(f"The command for the master key cannot be started: {problem}") from None
    until_s = time.monotonic() + longest_s
    try:
        output = _read(process, until_s)
        status = process.wait(max(0.0, until_s - time.monotonic()))
    except (TimeoutError, subprocess.TimeoutExpired):
        raise KeyMismatch(f"{command[0]} did not give the master key within {longest_s:g} s.") from None
    finally:
        _end(process)
    if len(output) > MOST_BYTES:
        raise KeyMismatch(f"{command[0]} gave more than {MOST_BYTES} bytes: it is to write the master key alone.")
    if status != 0:
        raise KeyMismatch(f"{command[0]} ended with status {status}: run it by hand to see what it says.")
    try:
        return output.decode("ascii")
    except UnicodeDecodeError:
        raise KeyMismatch(f"The output of {command[0]} is no key: a master key is 32 bytes in base64.") from None


def _read(process: subprocess.Popen[bytes], until_s: float) -> bytes:
    """What it writes until it closes its output, or one byte too many. Raises TimeoutError."""
    assert process.stdout is not None  # noqa: S101 (it is a pipe)
    output = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(output) <= MOST_BYTES:
            if not selector.select(max(0.0, until_s - time.monotonic())):
                raise TimeoutError
            piece = os.read(process.stdout.fileno(), MOST_BYTES + 1 - len(output))
            if not piece:
                break
            output += piece
    if len(output) > MOST_BYTES:
        _end(process)
    return output


def _end(process: subprocess.Popen[bytes]) -> None:
    """If it is still there, with whatever it started. What ended by itself may have left an agent that is wanted."""
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
