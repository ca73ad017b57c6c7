"""Where sealed pictures lie: a folder of this machine, or an object store that every machine reaches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from ostiary.adapters.files.folder import FolderStore
from ostiary.domain.errors import Unavailable

FOLDER = "pictures"
BUCKETS = ("s3", "gs", "az", "abfs", "abfss", "adl")
"""Kinds of object stores, as obstore names them."""
WRONG_URL = (
    "OSTIARY_FILES_URL must be file:///absolute/path, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix."
)


class FileStore(Protocol):
    """Keeps bytes under names with slashes. Everything raises Unavailable when it cannot be done for now."""

    @property
    def shown(self) -> str: ...

    async def keep(self, name: str, content: bytes | bytearray) -> None:
        """Durably, and never over something that is there."""

    async def fetch(self, name: str) -> bytes:
        """Raises PictureGone, an Unavailable too, for what is not there."""

    def names(self, prefix: str) -> AsyncIterator[str]:
        """What lies under a prefix that ends with a slash, in no order."""

    async def remove(self, name: str) -> None:
        """What is not there is gone already."""


def store_of(url: str, data: Path, pool: ThreadPoolExecutor, timeout_s: float | None = None) -> FileStore:
    """The store behind an address; without one, a folder of the data folder. Raises Unavailable for other kinds.

    `timeout_s` is how long one call of an object store may take; None: as long as usual.
    """
    parts = urlsplit(url)
    if not url:
        return FolderStore(data / FOLDER, pool)
    if parts.query or parts.fragment:
        raise Unavailable(f"{WRONG_URL} A # or ? in a name is written %23 or %3F.")
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1:
        return FolderStore(Path(unquote(parts.path)), pool)
    if parts.scheme in BUCKETS and parts.hostname and "@" not in parts.netloc:
        from ostiary.adapters.files.object_store import WHOLE_S, ObjectStore

        return ObjectStore(url, WHOLE_S if timeout_s is None else timeout_s)
    raise Unavailable(WRONG_URL)
