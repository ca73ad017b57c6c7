"""One person in an archive: a page for people, JSON for machines, and the pictures as they came."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from zipfile import ZIP_DEFLATED, ZipFile

from ostiary.domain.clients.client import Client
from ostiary.domain.documents.document import Side
from ostiary.domain.errors import PictureGone
from ostiary.usecases.privacy.export import PersonRecord
from ostiary.wire.privacy.export import index_page, person_shape

Fetch = Callable[[Client, str, Side], Awaitable[bytes]]
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/bmp": "bmp", "image/heic": "heic",
    "application/pdf": "pdf",
}  # fmt: skip


async def add_person(archive: ZipFile, folder: str, record: PersonRecord, fetch: Fetch) -> int:
    """Adds everything of one client below `folder`; how many pictures. One that is gone is left out, and so not named.

    Raises Tampered, Unavailable.
    """
    files: dict[tuple[str, str], str] = {}
    for document in record.documents:
        for side in document.sides:
            try:
                content = await fetch(record.dossier.client, document.id, side)
            except PictureGone:
                continue
            name = f"pictures/{document.id}_{side.field.removeprefix('image_')}.{_ending(side)}"
            files[document.id, side.field] = name
            archive.writestr(f"{folder}{name}", content)
    for document_id, chip in record.chips:
        for group, content in chip.files.items():
            archive.writestr(f"{folder}chips/{document_id}_{group}.bin", content, ZIP_DEFLATED)
    shape = person_shape(record, files)
    archive.writestr(f"{folder}data.json", json.dumps(shape, indent=1, ensure_ascii=False, default=str), ZIP_DEFLATED)
    archive.writestr(f"{folder}index.html", index_page(shape, "What is known of you"), ZIP_DEFLATED)
    return len(files)


def _ending(side: Side) -> str:
    return ENDINGS.get(side.findings.media_type or "", "bin")
