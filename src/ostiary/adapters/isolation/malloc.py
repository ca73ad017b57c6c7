"""How the C library keeps freed memory: large blocks are kept for the next upload instead of given back each time,
or given back early where a process shall stay small.

Getting a few megabytes from the system, page by page, and returning them costs an upload some 5 ms of processor
time, more than hashing and encrypting it. One arena is enough, since few threads allocate, and keeps the peak low.
"""

from __future__ import annotations

import ctypes

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # of glibc's malloc.h
LARGEST_KEPT_BYTES = 32 << 20
KEPT_BYTES = 32 << 20
"""Of memory that is free again: what some photos and their bodies take that are under way together. Three times as
much, as it was while pictures were decoded here, spares no processor time any more."""
LARGEST_REUSED_BYTES, REUSED_BYTES = 2 << 20, 16 << 20
"""Measured over published specimens: the peak falls by a quarter, for a quarter more processor time."""


def keep_large_blocks(kept_bytes: int = KEPT_BYTES) -> bool:
    """Tells the C library; False where it knows no such thing (musl, macOS), which changes nothing else."""
    return _set_thresholds(LARGEST_KEPT_BYTES, kept_bytes)


def give_large_blocks_back() -> bool:
    """The opposite, for the reader: a model's intermediate results are large and different for every picture, and
    what is kept of each would add up to twice the memory. Answers as above."""
    return _set_thresholds(LARGEST_REUSED_BYTES, REUSED_BYTES)


def _set_thresholds(mmap_threshold_bytes: int, trim_threshold_bytes: int) -> bool:
    try:
        option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    wanted = ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, mmap_threshold_bytes), (_TRIM_THRESHOLD, trim_threshold_bytes))
    return all(option(name, value) == 1 for name, value in wanted)
