"""The streams between us and the host that started us. Only the protocol gets to standard output: what anybody else
prints there goes to standard error, which hosts keep as a log."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress

PIECE_BYTES = 65_536
PIECES_AHEAD = 16
"""Of what the host sends, this much is read before it is worked at: a megabyte."""


@contextmanager
def protocol_output() -> Iterator[Callable[[bytes], None]]:
    """What writes to the host. A host that is gone is no error: its stream to us ends as well."""
    sys.stdout.flush()
    ours = os.dup(1)
    os.dup2(2, 1)

    def write(line: bytes) -> None:
        rest = memoryview(line)
        with suppress(BrokenPipeError):
            while rest:
                rest = rest[os.write(ours, rest) :]

    try:
        yield write
    finally:
        os.dup2(ours, 1)
        os.close(ours)


async def input_pieces() -> AsyncIterator[bytes]:
    """What comes on standard input until its end, be it a pipe, a file or a terminal.

    A thread reads the descriptor, since of files no event loop can wait for more; it ends with the process.
    """
    loop, pieces = asyncio.get_running_loop(), asyncio.Queue[bytes](PIECES_AHEAD)

    def read() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            while True:
                try:
                    piece = os.read(0, PIECE_BYTES)
                except OSError:
                    piece = b""
                asyncio.run_coroutine_threadsafe(pieces.put(piece), loop).result()
                if not piece:
                    return

    threading.Thread(target=read, daemon=True, name="host's lines").start()
    while piece := await pieces.get():
        yield piece
