"""One picture as Sumsub takes it: `multipart/form-data` of metadata and content, under a name that we know again.

The file's name carries our document's type, side and id, and Sumsub lists it with every picture of an applicant. So
what was uploaded before a crash is not uploaded twice, and what it says of a picture is tied to our document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ostiary.adapters.crypto.randomness import random_bytes
from ostiary.domain.documents.document import BACK, EXPIRATION_DATE, FRONT, NUMBER
from ostiary.domain.providers.provider import SubmittedDocument, SubmittedSide

ISSUE_DATE = "issue_date"
_SUMSUB_NAMES: Mapping[str, str] = {NUMBER: "number", ISSUE_DATE: "issuedDate", EXPIRATION_DATE: "validUntil"}
"""Details of ours that Sumsub has a word for."""
_ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "application/pdf": "pdf",
}  # fmt: skip


Mark: TypeAlias = tuple[str, str, str]
"""Type, side and id of a document."""


@dataclass(frozen=True, slots=True)
class UploadedPicture:
    """One side of one submitted document."""

    document: SubmittedDocument
    side: SubmittedSide

    @property
    def mark(self) -> Mark:
        """Names this picture among an applicant's."""
        return self.document.type, self.side.field, self.document.id

    @property
    def file_name(self) -> str:
        """`passport.image_front.<id>.jpg`"""
        return ".".join((*self.mark, _ENDINGS.get(self.side.media_type, "bin")))

    def metadata(self, kind: str) -> dict[str, str]:
        """What is said of it. `kind` is Sumsub's `idDocType`. One of a single side has no `idDocSubType`: told that
        it is a front, Sumsub would wait for a back."""
        fields = {"idDocType": kind, "country": self.document.country}
        if len(self.document.sides) > 1:
            fields["idDocSubType"] = "BACK_SIDE" if self.side.field == BACK else "FRONT_SIDE"
        given = self.document.metadata
        return fields | {theirs: str(given[ours]) for ours, theirs in _SUMSUB_NAMES.items() if given.get(ours)}


def mark_of(file_name: str) -> Mark | None:
    """Type, side and id of the document that a file's name carries; None for a file that is not ours."""
    parts = file_name.rsplit(".", 3)
    return (parts[0], parts[1], parts[2]) if len(parts) == 4 and parts[1] in (FRONT, BACK) else None


def form(picture: UploadedPicture, kind: str, content: bytes) -> tuple[bytes, str]:
    """The body of an upload, and its media type. Made here and not by the client, because its bytes are signed."""
    boundary = f"ostiary-{random_bytes(16).hex()}"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="metadata"\r\nContent-Type: application/json\r\n\r\n'
        f"{json.dumps(picture.metadata(kind))}\r\n"
        f'--{boundary}\r\nContent-Disposition: form-data; name="content"; filename="{picture.file_name}"\r\n'
        f"Content-Type: {picture.side.media_type}\r\n\r\n"
    )
    body = b"".join((head.encode(), content, f"\r\n--{boundary}--\r\n".encode()))
    return body, f"multipart/form-data; boundary={boundary}"
