"""Bringing a backup back into an empty data folder. Nothing in the file is believed before it is checked.

Everything is unpacked beside its place under other names, checked against the manifest, and renamed at the end:
pictures first, the database last. Until the database is there, nothing is restored. It is not one rename of a
whole folder, because a data folder is often a mount point.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO

import msgspec

from ostiary.domain.errors import Refused
from ostiary.storage.backup.write import (
    CHUNK_BYTES,
    DATABASE,
    FORM,
    MANIFEST,
    MANIFEST_MOST_BYTES,
    PICTURES,
    File,
    Manifest,
    Tell,
    sync_folder,
)

_ID = "[0-9A-Za-z]{32}"
_PICTURE = re.compile(rf"{PICTURES}/{_ID}/[0-9]{{8}}/{_ID}\.{_ID}\.image_(?:front|back)")
ALLOWED_THERE = frozenset({"master.key", "lost+found"})
"""The key may be in place already, and a fresh file system brings a folder of its own."""
STAGED = ".restoring"


def read(source: Path, database: Path, data: Path, newest_schema: str, tell: Tell) -> Manifest:
    """Restores a backup wholly or not at all. Raises Refused, naming what is in the way or wrong."""
    _refuse_occupied(database, data)
    staged, pictures = database.with_name(database.name + STAGED), data / (PICTURES + STAGED)
    try:
        with source.open("rb") as packed, tarfile.open(fileobj=packed, mode="r:") as tar:
            members = iter(tar)
            manifest = _manifest(source, tar, members, newest_schema)
            for folder in (database.parent, data):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _unpack(manifest, tar, members, staged, pictures, tell)
        _put_in_place(staged, database, pictures, data)
    except tarfile.TarError as problem:
        raise Refused(f"{source} is no whole backup: {problem}") from None
    except OSError as problem:
        raise Refused(f"The backup cannot be restored: {problem}") from None
    finally:
        staged.unlink(missing_ok=True)
        shutil.rmtree(pictures, ignore_errors=True)
    return manifest


def _refuse_occupied(database: Path, data: Path) -> None:
    there = {path for path in data.iterdir() if path.name not in ALLOWED_THERE} if data.is_dir() else set()
    there |= {path for path in database.parent.glob(database.name + "*")}
    if there:
        shown = sorted(str(path) for path in there)
        more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
        raise Refused(f"A backup is restored into an empty data folder only; there is {', '.join(shown[:5])}{more}.")


def _manifest(source: Path, tar: tarfile.TarFile, members: Iterator[tarfile.TarInfo], newest: str) -> Manifest:
    member = next(members, None)
    if member is None or member.name != MANIFEST or not member.isreg() or member.size > MANIFEST_MOST_BYTES:
        raise Refused(f"{source} is no backup: it does not begin with a manifest.")
    try:
        manifest = msgspec.json.decode(_content(tar, member).read(), type=Manifest)
    except msgspec.DecodeError as problem:
        raise Refused(f"{source} is no backup: its manifest cannot be read: {problem}") from None
    if manifest.form != FORM or manifest.schema > newest:
        raise Refused(f"This backup was made by the newer Ostiary {manifest.version}; restore it with that.")
    names = [file.name for file in manifest.files]
    if names[:1] != [DATABASE] or not all(_PICTURE.fullmatch(name) for name in names[1:]):
        raise Refused(f"{source} is no backup: its manifest names files that Ostiary does not make.")
    return manifest


def _unpack(
    manifest: Manifest,
    tar: tarfile.TarFile,
    members: Iterator[tarfile.TarInfo],
    staged: Path,
    pictures: Path,
    tell: Tell,
) -> None:
    total, done = sum(file.bytes for file in manifest.files), 0
    for file in manifest.files:
        member = next(members, None)
        if member is None or member.name != file.name or not member.isreg() or member.issparse():
            raise Refused(f"The backup is damaged: {file.name} is not where its manifest says.")
        if member.size != file.bytes:
            raise Refused(f"The backup is damaged: {file.name} has {member.size} bytes, not {file.bytes}.")
        target = staged if file.name == DATABASE else pictures / file.name.partition("/")[2]
        if target is not staged:
            for folder in (pictures, target.parent.parent, target.parent):
                folder.mkdir(exist_ok=True, mode=0o700)
        _write(file, _content(tar, member), target)
        done += file.bytes
        tell(done, total)
    if next(members, None) is not None:
        raise Refused("The backup is damaged: it holds more than its manifest says.")
    for walked, _, _ in os.walk(pictures):
        sync_folder(Path(walked))


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    assert content is not None  # noqa: S101 (it is a regular file)
    return content


def _write(file: File, content: IO[bytes], target: Path) -> None:
    """Writes one file, durably, and raises Refused when it is not the one that was backed up."""
    hashed = sha256()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        while chunk := content.read(CHUNK_BYTES):
            hashed.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if hashed.hexdigest() != file.sha256:
        raise Refused(f"The backup is damaged: {file.name} is not what was backed up.")


def _put_in_place(staged: Path, database: Path, pictures: Path, data: Path) -> None:
    if pictures.is_dir():
        pictures.rename(data / PICTURES)
        sync_folder(data)
    try:
        staged.rename(database)
    except OSError:
        if (data / PICTURES).is_dir():
            (data / PICTURES).rename(pictures)  # to be removed with what else was staged
        raise
    sync_folder(database.parent)
