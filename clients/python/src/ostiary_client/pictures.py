"""Documents to be sent: their pictures from wherever they are, and the body of the call."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

Picture = bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO
"""The bytes of a picture, the path of a file, or a file that is open for reading bytes."""
Progress = Callable[[int, int], None]
"""Told how many bytes of how many were handed to the network; from 0 again when a call is repeated."""
PICTURE_BYTES_MOST = 100 * 1024 * 1024
"""Far more than the service takes (12,000,000 unless its operator changed it): only against a wrong file that would
fill the memory."""
CHUNK_BYTES = 64 * 1024
"""So often progress is told of: some 50 times for a usual photograph."""


@dataclass(frozen=True, slots=True)
class NewChip:
    """What was read from a document's chip, and its answer to a challenge of `products.chip_challenge`."""

    files: Mapping[str, Picture] = field(repr=False)
    """As they were read, by their names: `{"sod": ..., "dg1": ..., "dg11": ...}`."""
    challenge_id: str | None = None
    challenge_answer: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document of a client: `NewDocument("passport", front="front.jpg", metadata={"number": "AB1234567"})`."""

    document_type: str
    front: Picture | None = field(default=None, repr=False)
    back: Picture | None = field(default=None, repr=False)
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    chip: NewChip | None = None


def multipart(document: NewDocument) -> tuple[bytes, str]:
    """The body of a call as multipart, and its content type. Reads files: raises OSError."""
    boundary = uuid.uuid4().hex
    described = {"document_type": document.document_type, "metadata": dict(document.metadata)}
    parts = [_part(boundary, 'name="document"', "application/json", msgspec.json.encode(described))]
    for name, picture in _files(document).items():
        if picture is not None:
            about = f'name="{name}"; filename="{name}"'
            parts.append(_part(boundary, about, "application/octet-stream", bytes_of(picture)))
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


def _files(document: NewDocument) -> dict[str, Picture | None]:
    """Pictures and the files of a chip, by the names of their parts. Raises ValueError for an odd name."""
    files = {"image_front": document.front, "image_back": document.back}
    if document.chip is not None:
        chip = document.chip
        if odd := [name for name in chip.files if not name.isalnum()]:
            raise ValueError(f"a chip's files are called sod, dg1 and so on, and not {', '.join(odd)}")
        files |= {f"chip_{name}": content for name, content in chip.files.items()}
        files["chip_challenge_id"] = chip.challenge_id.encode() if chip.challenge_id else None
        files["chip_challenge_answer"] = chip.challenge_answer
    return files


def _part(boundary: str, about: str, kind: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\ncontent-disposition: form-data; {about}\r\ncontent-type: {kind}\r\n\r\n"
    return b"".join((head.encode(), content, b"\r\n"))


def bytes_of(picture: Picture) -> bytes:
    """What a picture consists of. Raises TypeError, ValueError or OSError."""
    if isinstance(picture, bytes | bytearray | memoryview):
        content = bytes(picture)
    elif isinstance(picture, str | os.PathLike):
        with Path(picture).open("rb") as file:
            content = file.read(PICTURE_BYTES_MOST + 1)
    else:
        content = picture.read(PICTURE_BYTES_MOST + 1)
        if not isinstance(content, bytes):
            raise TypeError("a picture's file must be open for reading bytes: open(path, 'rb')")
    if len(content) > PICTURE_BYTES_MOST:
        raise ValueError(f"a picture has at most {PICTURE_BYTES_MOST} bytes")
    return content


def chunks(content: bytes, progress: Progress) -> Iterator[bytes]:
    """The body piece by piece. Progress is told once the network has taken a piece and asks for the next."""
    total = len(content)
    for start in range(0, total, CHUNK_BYTES):
        progress(start, total)
        yield content[start : start + CHUNK_BYTES]
    progress(total, total)
