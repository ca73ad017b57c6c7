"""Reads the files of a document's chip: members of JSON in base64, or parts of a form of their own.

What is no base64 was never read from a chip: that is a fault of the calling code, and named as one.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ostiary.api.reading.base64_texts import from_base64
from ostiary.api.reading.bodies import ChipBody
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.sentences import sentence
from ostiary.usecases.onboarding.chip_intake import ChipUpload

PREFIX = "chip_"
CHALLENGE_ID, CHALLENGE_ANSWER = "challenge_id", "challenge_answer"
CHIP_PARTS = frozenset({f"{PREFIX}{name}" for name in (*ChipFile, CHALLENGE_ID, CHALLENGE_ANSWER)})
"""Names of a form's parts."""
ID_CHARACTERS = 64
"""More than ids of ours have; what is longer is none of them, and is looked up as it is cut off."""


def chip_of_json(body: ChipBody | None) -> ChipUpload | None:
    """Raises InvalidRequest with every file that is no base64."""
    if body is None:
        return None
    faults: list[Fault] = []
    files = {name: _content(getattr(body, name), f"document.chip.{name}", faults) for name in ChipFile}
    answer = _content(body.challenge_answer, f"document.chip.{CHALLENGE_ANSWER}", faults)
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    sent = {name: content for name, content in files.items() if content is not None}
    return ChipUpload(sent, (body.challenge_id or "")[:ID_CHARACTERS], answer or b"")


def chip_of_parts(parts: Mapping[str, bytearray]) -> ChipUpload | None:
    """None where no part is of a chip. Raises InvalidRequest."""
    if CHIP_PARTS.isdisjoint(parts):
        return None
    files = {name: bytes(parts[f"{PREFIX}{name}"]) for name in ChipFile if f"{PREFIX}{name}" in parts}
    given = bytes(parts.get(f"{PREFIX}{CHALLENGE_ID}", b"")[:ID_CHARACTERS]).decode("ascii", "replace").strip()
    return ChipUpload(files, given, bytes(parts.get(f"{PREFIX}{CHALLENGE_ANSWER}", b"")))


def _content(raw: msgspec.Raw, path: str, faults: list[Fault]) -> bytes | None:
    """None for what is absent or null."""
    view = memoryview(raw)
    if bytes(view[:5]) == b"null":
        return None
    content = from_base64(view[1:-1]) if bytes(view[:1]) == b'"' else b""
    if not content and bytes(view) != b'""':
        faults.append(Fault(path, "FIELD_TYPE", sentence("%(path)s must be a text in base64", path=path)))
    return content
