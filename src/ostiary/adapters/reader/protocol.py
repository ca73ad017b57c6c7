"""What goes between the service and the reader's process: one length-prefixed MessagePack value each way."""

from __future__ import annotations

from datetime import date
from struct import Struct

import msgspec

from ostiary.domain.documents.reading import Reading

LENGTH = Struct("<I")
READ_CPU_S, START_CPU_S = 5, 30
"""Processor time of one document, and of loading the models: the slowest of the published specimens takes a third of
the one, a quiet machine a thirtieth of the other. The process ends itself when it is over."""
MOST_ASKED_BYTES = 40_000_000
"""Both sides of a document at the size limit, with room."""
MOST_ANSWERED_BYTES = 1_000_000
"""A reading is a kilobyte; a process that answers more than this is no longer ours."""


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """The pictures of one document, by side; the forms it may carry; the UTC date that centuries are told by."""

    pictures: tuple[tuple[str, bytes], ...]
    formats: tuple[str, ...]
    today: date


asked = msgspec.msgpack.Decoder(Asked).decode
answered = msgspec.msgpack.Decoder(Reading).decode


def framed(value: object) -> bytes:
    """The value with its length in front."""
    body = msgspec.msgpack.encode(value)
    return LENGTH.pack(len(body)) + body
