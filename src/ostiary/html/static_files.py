"""Style, scripts and pictures of pages, under names that change with their content: kept for a year."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from ostiary.domain.errors import NotFound
from ostiary.web.asgi import ApiRequest, ApiResponse

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FOREVER = b"public, max-age=31536000, immutable"
HASH_CHARACTERS = 16
_IMPORT = re.compile(rb'from "\./([a-z-]+\.js)"')
"""A module beside the one that imports it."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is served."""

    name: str
    body: bytes
    compressed: bytes
    media_type: str


class StaticFiles:
    """All files of `folders`, served below `prefix`. They are read when the first is asked for: an installation whose
    pages nobody opens holds none."""

    def __init__(self, prefix: str, folders: Iterable[Path]) -> None:
        self.prefix, self._folders = prefix, tuple(folders)

    def address(self, name: str) -> str:
        """Where a file is served. Raises KeyError for one that there is not."""
        return f"{self.prefix}/{self._addressed[name]}"

    def find(self, name: str) -> StaticFile | None:
        """The file of a name with its hash. Only whole names are known, so that no path leads out."""
        return self._files.get(name)

    def answer(self, request: ApiRequest, headers: Iterable[tuple[bytes, bytes]]) -> ApiResponse:
        """The file whose name is in the address, compressed for who takes that. Raises NotFound."""
        file = self.find(request.path["name"])
        if file is None:
            raise NotFound
        own = [*headers, (b"vary", b"accept-encoding")]
        if "gzip" in (request.header(b"accept-encoding") or ""):
            own.append((b"content-encoding", b"gzip"))
            return ApiResponse(200, file.compressed, own, file.media_type.encode(), cached=FOREVER)
        return ApiResponse(200, file.body, own, file.media_type.encode(), cached=FOREVER)

    @cached_property
    def _files(self) -> Mapping[str, StaticFile]:
        paths = (path for folder in self._folders for path in sorted(folder.iterdir()) if path.suffix in TYPES)
        files = dict[Path, StaticFile]()
        for path in paths:
            _read(path, files)
        return {file.name: file for file in files.values()}

    @cached_property
    def _addressed(self) -> Mapping[str, str]:
        return {f"{name.rsplit('.', 2)[0]}.{name.rsplit('.', 1)[1]}": name for name in self._files}


def _read(path: Path, files: dict[Path, StaticFile]) -> StaticFile:
    """Reads a file once, and before it the modules that it imports: it has to name them as they are served."""
    if path not in files:
        body = path.read_bytes()
        if path.suffix == ".js":
            body = _IMPORT.sub(lambda imported: _served_import(path.parent / imported[1].decode(), files), body)
        name = f"{path.stem}.{sha256(body).hexdigest()[:HASH_CHARACTERS]}{path.suffix}"
        files[path] = StaticFile(name, body, gzip.compress(body, mtime=0), TYPES[path.suffix])
    return files[path]


def _served_import(path: Path, files: dict[Path, StaticFile]) -> bytes:
    return f'from "./{_read(path, files).name}"'.encode()
