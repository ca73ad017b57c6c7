"""What an operation shows: the body before it is encoded, and what belongs into headers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Representation:
    """`body` becomes JSON (None: there is none), unless `media_type` says what its bytes are; `next_cursor` begins the
    following page; `etag` is what the answer is known by."""

    body: object
    next_cursor: str | None = None
    etag: str | None = None
    media_type: bytes | None = None
