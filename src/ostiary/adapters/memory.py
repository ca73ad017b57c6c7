"""How the C library keeps freed memory: large blocks are kept for the next upload instead of given back each time.

Getting a few megabytes from the system, page by page, and returning them costs an upload some 5 ms of processor
time, more than hashing and encrypting it. One arena is enough, since few threads allocate, and keeps the peak low.
"""

from __future__ import annotations

import ctypes

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # of glibc's malloc.h
LARGEST_KEPT_BYTES = 32 << 20
KEPT_BYTES = 96 << 20


def keep_large_blocks() -> bool:
    """Tells the C library; False where it knows no such thing (musl, macOS), which changes nothing else."""
    try:
        option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    wanted = ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, LARGEST_KEPT_BYTES), (_TRIM_THRESHOLD, KEPT_BYTES))
    return all(option(name, value) == 1 for name, value in wanted)
