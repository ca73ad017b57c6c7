"""Files that lie beside a list of documents, in a folder or a ZIP. Names come from the list, so none may lead out: no
`..`, no absolute path, no link, nothing but plain files. What is unpacked is bounded as it is read, whatever an archive
says of itself."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ostiary.domain.errors import value_refused
from ostiary.domain.imports.documents import FilesBeside, UnusableFile

MOST_ENTRIES = 200_000
"""Of an archive: two pictures for each of the most rows, and some more."""
MOST_PARTS = 16
"""Of a name: folders within folders."""
_ENCRYPTED = 0x1
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PROBLEMS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What reading an archive that is damaged, or made to harm, raises."""


@contextmanager
def files_beside(place: str) -> Iterator[FilesBeside]:
    """A folder, or a ZIP. Raises ValidationFailed for what is neither."""
    path = Path(place)
    with ExitStack() as stack:
        if path.is_dir():
            yield FolderBeside(path)
            return
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
        except _PROBLEMS as problem:
            why = problem.strerror if isinstance(problem, OSError) and problem.strerror else "is no folder and no ZIP"
            raise value_refused("documents", f"{place} cannot be read: {why}") from None
        if len(archive.infolist()) > MOST_ENTRIES:
            raise value_refused("documents", f"{place} has more than {MOST_ENTRIES:,} files: send several")
        yield ZipBeside(archive)


def parts_of(name: str) -> list[str]:
    """The folders of a name and its file. Raises UnusableFile for one that leads elsewhere."""
    parts = name.split("/")
    if len(parts) > MOST_PARTS or "\\" in name or "\0" in name or any(part in ("", ".", "..") for part in parts):
        raise UnusableFile("must be the name of a file within the folder or archive, with / between folders")
    return parts


class FolderBeside:
    """A folder whose files are opened one part of their name after another, so that none of them may be a link."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str, most_bytes: int) -> bytes:
        *folders, file = parts_of(name)
        with ExitStack() as opened:
            try:
                at = _open(opened, self._folder, None, os.O_DIRECTORY)
                for part in folders:
                    at = _open(opened, part, at, os.O_DIRECTORY | os.O_NOFOLLOW)
                handle = _open(opened, file, at, os.O_NOFOLLOW | os.O_NONBLOCK)
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise UnusableFile("is no plain file")
                with open(handle, "rb", closefd=False) as content:
                    return _bounded(content.read(most_bytes + 1), most_bytes)
            except OSError as problem:
                raise UnusableFile(f"cannot be read: {problem.strerror}") from None


def _open(opened: ExitStack, name: str | Path, at: int | None, flags: int) -> int:
    handle = os.open(name, os.O_RDONLY | os.O_CLOEXEC | flags, dir_fd=at)
    opened.callback(os.close, handle)
    return handle


class ZipBeside:
    """An archive. Where two entries have one name, neither is taken: readers differ in which they mean."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._counts = Counter(info.filename for info in archive.infolist())

    def read(self, name: str, most_bytes: int) -> bytes:
        parts_of(name)
        if self._counts[name] != 1:
            raise UnusableFile("cannot be read: it is there twice" if self._counts[name] else "is not in the archive")
        info = self._archive.getinfo(name)
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG) or info.is_dir():
            raise UnusableFile("is no plain file")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _PLAIN:
            raise UnusableFile("is encrypted, or packed in a way that is not taken: stored and deflated are")
        try:
            with self._archive.open(info) as content:
                return _bounded(content.read(most_bytes + 1), most_bytes)
        except _PROBLEMS:
            raise UnusableFile("cannot be unpacked: the archive is damaged") from None


def _bounded(content: bytes, most_bytes: int) -> bytes:
    if len(content) > most_bytes:
        raise UnusableFile(f"has more than {most_bytes:,} bytes")
    return content
