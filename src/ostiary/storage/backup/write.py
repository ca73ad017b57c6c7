"""Backups: one tar of a manifest, a copy of the database and its pictures, as they are (encrypted); no key.

The copy is one moment of the database, taken while others write. Pictures are written before their rows and never
changed, so every picture that the copy refers to is on disk by then. The manifest's checksums show damage, not an
adversary who writes a new manifest: for that there are checkpoints of the audit trail.
"""

from __future__ import annotations

import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import file_digest
from io import BytesIO
from pathlib import Path

import msgspec

from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.errors import Refused
from ostiary.domain.ids import time_ms
from ostiary.domain.times import day_of, format_timestamp

FORM = 1
MANIFEST, DATABASE, PICTURES = "manifest.json", "database.sqlite3", "pictures"
MANIFEST_MOST_BYTES = 1 << 30
"""Some 200 bytes a picture: five million of them. A manifest is read whole."""
PAGES_TOGETHER = 2_048
"""8 MB between two reports of progress."""
CHUNK_BYTES = 1 << 20
Tell = Callable[[int, int], None]
"""Told how many bytes are done, and of how many."""


class File(msgspec.Struct, array_like=True, frozen=True):
    """One file of a backup."""

    name: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """What a backup holds, in the order it holds it: the database first."""

    form: int
    version: str
    schema: str
    at: str
    documents: int
    files: list[File]


@dataclass(frozen=True, slots=True)
class BackupResult:
    """How a backup went. `lost`: accepted documents in the database whose front picture is not on disk."""

    manifest: Manifest
    bytes: int
    lost: int


@dataclass(frozen=True, slots=True)
class BackupSource:
    """What is backed up: the database's file, the data folder with the pictures (None: they lie elsewhere), and which
    version of the program and of the schema has made them."""

    database: Path
    pictures: Path | None
    version: str
    schema: str


def write(source: BackupSource, target: Path, now_ms: int, tell: Tell) -> BackupResult:
    """Makes a backup, durably, under its final name only when it is whole. Raises Refused."""
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent} to write the backup to.")
    part = target.with_name(target.name + ".part")
    copy = target.with_name(target.name + ".part-database")
    for path in (target, part, copy):
        if path.exists():
            why = (
                "and is not overwritten" if path is target else "from a backup that runs, or broke off: then remove it"
            )
            raise Refused(f"{path} is there already, {why}.")
    try:
        _copy_database(source.database, copy, tell)
        folder = source.pictures
        documents, names, lost = _referenced(copy, folder)
        members = [(DATABASE, copy), *((name, folder / name) for name in names if folder is not None)]
        files = [_file(name, place) for name, place in members]
        manifest = Manifest(FORM, source.version, source.schema, format_timestamp(now_ms), documents, files)
        size_bytes = _write_tar(manifest, [place for _, place in members], part, tell)
        part.rename(target)
        sync_folder(target.parent)
    except FileNotFoundError as problem:
        raise Refused(f"{problem.filename} went away while the backup was made; make it again.") from None
    except (OSError, sqlite3.Error) as problem:
        raise Refused(f"The backup cannot be made: {problem}") from None
    finally:
        part.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
    return BackupResult(manifest, size_bytes, lost)


def _copy_database(source: Path, copy: Path, tell: Tell) -> None:
    """SQLite's own backup. The open transaction keeps it at one moment, so that writers cannot make it begin anew."""
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as original,
        closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        size_bytes = original.execute("PRAGMA page_size").fetchone()[0]
        original.execute("BEGIN")
        original.execute("SELECT count(*) FROM installation").fetchone()
        original.backup(
            target,
            pages=PAGES_TOGETHER,
            progress=lambda _, left, total: tell((total - left) * size_bytes, total * size_bytes),
        )
        target.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, without companions


def _referenced(copy: Path, data: Path | None) -> tuple[int, list[str], int]:
    """How many documents there are, the names of the pictures that belong to them, and how many have none; no names
    where the pictures lie elsewhere."""
    names, documents, lost = [], 0, 0
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        for company_id, client_id, document_id in connection.execute(
            "SELECT company_id, client_id, document_id FROM documents ORDER BY 1, 2, 3"
        ):
            documents += 1
            if data is None:
                continue
            day = f"{day_of(time_ms(document_id)):%Y%m%d}"
            sides = [f"{PICTURES}/{company_id}/{day}/{client_id}.{document_id}.{side}" for side in (FRONT, BACK)]
            there = [name for name in sides if (data / name).exists()]
            names += there
            lost += not there
    return documents, names, lost


def _file(name: str, source: Path) -> File:
    with source.open("rb") as content:
        return File(name, os.fstat(content.fileno()).st_size, file_digest(content, "sha256").hexdigest())


def _write_tar(manifest: Manifest, sources: list[Path], part: Path, tell: Tell) -> int:
    encoded = msgspec.json.encode(manifest)
    total, done = sum(file.bytes for file in manifest.files), 0
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.addfile(_member(MANIFEST, len(encoded)), BytesIO(encoded))
            for file, source in zip(manifest.files, sources, strict=True):
                with source.open("rb") as content:
                    tar.addfile(_member(file.name, file.bytes), content)
                done += file.bytes
                tell(done, total)
        out.flush()
        os.fsync(out.fileno())
        return out.tell()


def _member(name: str, size_bytes: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size_bytes, 0o600
    return member


def sync_folder(folder: Path) -> None:
    """A name is durable only once its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
