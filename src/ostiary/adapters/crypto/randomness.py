"""Unguessable bytes, taken from the operating system in larger pieces.

Every call into the system lets other threads take the interpreter over; a small request needs five to ten random
values, and waiting for the interpreter each time cost a tenth of it.
"""

from __future__ import annotations

import os
import threading

PIECE_BYTES = 4_096
_own = threading.local()


def random_bytes(count: int) -> bytes:
    """So many bytes, never given twice: each thread cuts them off its own piece."""
    piece: bytes = getattr(_own, "piece", b"")
    at: int = getattr(_own, "at", 0)
    if at + count > len(piece):
        piece, at = os.urandom(max(PIECE_BYTES, count)), 0
        _own.piece = piece
    _own.at = at + count
    return piece[at : at + count]


def _forget() -> None:
    """A forked child must not give out the same bytes as its parent."""
    _own.__dict__.clear()


os.register_at_fork(after_in_child=_forget)
