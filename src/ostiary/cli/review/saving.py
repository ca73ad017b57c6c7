"""Writing a request's pictures into a folder, for the operator who looks at them: decrypted, for its owner only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ostiary.adapters.pages.views import page_views
from ostiary.app import Installation
from ostiary.domain.clients.client import Client
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.pictures import DOCUMENT_TYPES
from ostiary.domain.errors import Refused
from ostiary.usecases.review.pictures import portrait_file

EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/bmp": "bmp",
    "application/pdf": "pdf", "image/heic": "heic",
}  # fmt: skip
MOST_OF_ONE_NAME = 1_000


async def save_pictures(
    installation: Installation, client: Client, documents: Sequence[Document], folder: Path, prefix: str
) -> list[Path]:
    """The files as they were sent, those of PDF and HEIC as JPEG besides, page by page, and the portrait of a chip as
    JPEG alone; their places.

    May be repeated: what is there already stays, and is named again; where another content has the name, a number is
    added. Raises Refused for a folder that cannot be written.
    """
    saved: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for document in documents:
            for side in document.sides:
                content = await installation.files.fetch(client, document.id, side)
                stem = f"{prefix}-{document.type}-{side.field.removeprefix('image_')}"
                for name, picture in _files(stem, side.findings.media_type, content):
                    saved.append(_written(folder, name, picture))
            if document.chip is not None and document.chip.has_portrait:
                chip_file = await portrait_file(installation.context, client, document)
                for picture in page_views(chip_file):  # none of one that cannot be opened
                    saved.append(_written(folder, f"{prefix}-{document.type}-chip.jpg", picture))
    except OSError as problem:
        raise Refused(f"The pictures cannot be saved, {len(saved)} were: {problem}") from None
    return saved


def _files(stem: str, media_type: str | None, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield f"{stem}.{EXTENSIONS.get(media_type or '', 'bin')}", content
    if media_type in DOCUMENT_TYPES:
        for number, page in enumerate(page_views(content), 1):
            yield f"{stem}-page{number}.jpg", page


def _written(folder: Path, name: str, content: bytes) -> Path:
    """Where a content is: never over another one."""
    stem, _, extension = name.rpartition(".")
    for number in range(1, MOST_OF_ONE_NAME):
        path = folder / (name if number == 1 else f"{stem}-{number}.{extension}")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if path.is_file() and path.read_bytes() == content:
                return path
            continue
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        return path
    raise FileExistsError(f"{folder / name} and {MOST_OF_ONE_NAME - 2} more are there already")
