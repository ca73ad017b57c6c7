"""What the process that opens a page answers: a head of fixed length, then the grey pixels, row by row."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct

HEAD = Struct("<BIIII")
"""Verdict; width and height of the page in pixels; width and height of the grey picture that follows, one byte each."""

LONGEST_SIDE_PX = 3_000
"""Of a page as handed over. Twice what an A4 sheet needs to be legible, and 27 MB of memory at most."""
PAGE_PROCESS_BYTES = 270_000_000
"""Memory that the process may take: the interpreter and its libraries 30 MB, the largest HEIC that is opened 200 MB
more (`MOST_DECODED_BYTES`)."""


class PageVerdict(IntEnum):
    OPENED = 1
    DAMAGED = 2
    TOO_COSTLY = 3
