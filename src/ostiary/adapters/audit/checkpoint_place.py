"""Where checkpoints are kept out of the house: a folder (of another machine, mounted here), or a bucket.

Each is a file of its own, named by its moment, and is never written over. They are packed: hashes take two thirds of
the digits that they are written with.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from ostiary.adapters.files.store import BUCKETS, FileStore, store_of
from ostiary.domain.errors import PictureGone, Refused, Tampered, Unavailable

FOLDER, SUFFIX, STAMP_SUFFIX = "checkpoints/", ".checkpoint.gz", ".tsr"
MOST_PACKED_BYTES = 60 << 20
"""What a store of objects gives back at once, with some room: some 900,000 chains."""
MOST_BYTES = 1 << 30
"""Of one that is unpacked: some seven million chains. What claims to be more is not unpacked."""
WRONG_PLACE = "A place of checkpoints is a folder, file:///absolute/path, or s3://bucket/prefix (gs://, az://)."


class CheckpointPlace:
    """Raises Refused, saying why, for what cannot be written or read now."""

    def __init__(self, store: FileStore) -> None:
        self._store = store

    @property
    def shown(self) -> str:
        return self._store.shown

    async def keep(self, at_ms: int, content: bytes, stamp: bytes = b"") -> str:
        """Writes one, durably, with what a time-stamp service says of its content, if anything; its name."""
        packed = gzip.compress(content, mtime=0)
        if len(packed) > MOST_PACKED_BYTES:
            raise Refused(
                "The checkpoint is too large for a place: `ostiary audit checkpoint FILE` writes it to a file."
            )
        name = f"{FOLDER}{datetime.fromtimestamp(at_ms / 1000, UTC):%Y%m%dT%H%M%S}{at_ms % 1000:03d}Z{SUFFIX}"
        try:
            if stamp:  # first: a checkpoint that is there has its stamp
                await self._store.keep(stamp_name(name), stamp)
            await self._store.keep(name, packed)
        except (Unavailable, OSError) as problem:
            raise Refused(f"The checkpoint cannot be written to {self.shown}: {_why(problem)}") from None
        return name

    async def names(self) -> Sequence[str]:
        """Of all that are there, the oldest first."""
        try:
            names = [name async for name in self._store.names(FOLDER)]
        except (Unavailable, OSError) as problem:
            raise Refused(f"The checkpoints in {self.shown} cannot be listed: {_why(problem)}") from None
        return sorted(name for name in names if name.endswith(SUFFIX))

    async def stamp(self, name: str) -> bytes | None:
        """What a time-stamp service said of a checkpoint, by the checkpoint's name; None where there is nothing."""
        try:
            return await self._store.fetch(stamp_name(name))
        except PictureGone:
            return None
        except (Unavailable, OSError) as problem:
            raise Refused(f"{stamp_name(name)} in {self.shown} cannot be read: {_why(problem)}") from None

    async def fetch(self, name: str) -> bytes:
        """The content of one. Raises Tampered for what is none."""
        try:
            packed = await self._store.fetch(name)
        except (Unavailable, OSError) as problem:
            raise Refused(f"The checkpoint {name} in {self.shown} cannot be read: {_why(problem)}") from None
        unpacking = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            content = unpacking.decompress(packed, MOST_BYTES)
        except zlib.error:
            raise Tampered(f"{name} is no checkpoint: it cannot be unpacked") from None
        if not unpacking.eof or unpacking.unused_data:
            raise Tampered(f"{name} is no checkpoint: it was cut, or something follows it")
        return content


def stamp_name(name: str) -> str:
    """Under what the answer of a time-stamp service lies, beside its checkpoint."""
    return f"{name.removesuffix(SUFFIX)}{STAMP_SUFFIX}"


def place_of(url: str, pool: ThreadPoolExecutor, timeout_s: float | None = None) -> CheckpointPlace:
    """The place behind an address or a folder's path. Raises Refused."""
    scheme, colon, _ = url.partition("://")
    address = url if colon else Path(url).expanduser().absolute().as_uri()
    if colon and scheme not in ("file", *BUCKETS):
        raise Refused(WRONG_PLACE)
    try:
        return CheckpointPlace(store_of(address, Path("/nowhere"), pool, timeout_s))
    except Unavailable:
        raise Refused(WRONG_PLACE) from None


def _why(problem: Exception) -> str:
    """What the store below says, without its words for pictures."""
    cause = problem.__cause__ or problem
    return type(cause).__name__ if not isinstance(cause, OSError) else str(cause.strerror or cause)
