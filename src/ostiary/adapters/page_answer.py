"""What the process that opens a page answers: a head of fixed length, then the grey pixels, row by row."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct

HEAD = Struct("<BIIII")
"""Verdict; width and height of the page in pixels; width and height of the grey picture that follows, one byte each."""


class Verdict(IntEnum):
    OPENED = 1
    DAMAGED = 2
    TOO_COSTLY = 3
