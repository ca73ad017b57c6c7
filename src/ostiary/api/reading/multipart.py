"""Reads documents: JSON with pictures in base64, or multipart/form-data, which saves the third that base64 adds.

Wrong base64 is not a malformed request: it becomes an unreadable picture, judged like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ostiary.api.reading.base64_texts import from_base64
from ostiary.api.reading.bodies import ABSENT, ChipBody, DocumentationBody, DocumentPart
from ostiary.api.reading.chip_bodies import CHIP_PARTS, chip_of_json, chip_of_parts
from ostiary.api.reading.picture_texts import LOOKED_AT, slip_in, slip_in_part
from ostiary.api.reading.single_members import demand_single_members
from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.sentences import N_, sentence
from ostiary.html.multipart import parts_of
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.web.json_body import demand_once, read_json, refusal, storable

MOST_METADATA_BYTES = 65_536
"""A document has a handful of details; decoding millions of values would hold the interpreter for everybody."""


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    """A DocumentBody whose parts stay raw until their size is known."""

    document_type: str
    metadata: msgspec.Raw = ABSENT
    image_front: msgspec.Raw = ABSENT
    image_back: msgspec.Raw = ABSENT
    chip: ChipBody | None = None


class _Documentation(msgspec.Struct, forbid_unknown_fields=True):
    document: _Document


_decode = msgspec.json.Decoder(_Documentation).decode
_decode_metadata = msgspec.json.Decoder(dict[str, Any] | None).decode


def upload_of_json(body: bytes | bytearray) -> Upload:
    """Decodes megabytes: call it in the thread pool. Raises InvalidRequest."""
    try:
        whole = _decode(body)
        document = whole.document
        metadata = _details(document.metadata)
        slips: dict[str, str] = {}
        front, back = _picture(document.image_front, FRONT, slips), _picture(document.image_back, BACK, slips)
        chip = chip_of_json(document.chip)
        demand_single_members(body, whole)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refusal(body, DocumentationBody) from None
    return Upload(
        type=document.document_type,
        metadata=metadata,
        front=front,
        back=back,
        slips=slips,
        chip=chip,
    )


def upload_of_multipart(body: bytes | bytearray, content_type: bytes) -> Upload:
    """Raises InvalidRequest."""
    parts = parts_of(body, content_type)
    allowed = {"document", FRONT, BACK, *CHIP_PARTS}
    faults = [
        Fault(
            name[:100],
            "FIELD_UNKNOWN",
            sentence("%(name)s is no part; known: %(possible)s", name=name[:100], possible=", ".join(sorted(allowed))),
        )
        for name in parts
        if name not in allowed
    ]
    if "document" not in parts:
        faults.append(Fault("document", "FIELD_MISSING", N_("document is required: the JSON without pictures")))
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    if len(parts["document"]) > MOST_METADATA_BYTES:
        raise _too_long("document")
    document = read_json(parts["document"], DocumentPart)
    front, back = (bytes(parts[name]) if name in parts else None for name in (FRONT, BACK))
    sides = ((FRONT, front), (BACK, back))
    slips = {name: slip for name, content in sides if content is not None and (slip := slip_in_part(content))}
    return Upload(
        type=document.document_type,
        metadata=_storable(document.metadata),
        front=front,
        back=back,
        slips=slips,
        chip=chip_of_parts(parts),
    )


def _details(raw: msgspec.Raw) -> dict[str, Any]:
    """Decoded only once it is known to be small. Raises msgspec.DecodeError, InvalidRequest."""
    if len(memoryview(raw)) > MOST_METADATA_BYTES:
        raise _too_long("document.metadata")
    details = _decode_metadata(raw)
    demand_once(memoryview(raw), "document.metadata.")
    return _storable(details)


def _too_long(path: str) -> InvalidRequest:
    fault = Fault(
        path,
        "FIELD_TYPE",
        sentence(
            "%(path)s is longer than %(most)s bytes",
            path=path,
            most=f"{MOST_METADATA_BYTES:,}",
        ),
    )
    return InvalidRequest(faults=(fault,))


def _storable(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: storable(value) for name, value in (metadata or {}).items()}


def _picture(raw: msgspec.Raw, name: str, slips: dict[str, str]) -> bytes | None:
    """The picture's bytes; adds to `slips` what was sent instead of a picture. Raises InvalidRequest, and
    msgspec.DecodeError or UnicodeDecodeError for what is no JSON text: nobody has looked into it before."""
    view = memoryview(raw)
    if bytes(view[:5]) == b"null":
        return None
    if bytes(view[:1]) != b'"':
        path = f"document.{name}"
        raise InvalidRequest(
            faults=(Fault(path, "FIELD_TYPE", sentence("%(path)s must be a text in base64", path=path)),)
        )
    content = from_base64(view[1:-1])
    if slip := slip_in(_unescaped(view[1:-1]) if not content else bytes(view[1:-1][:LOOKED_AT]), content):
        slips[name] = slip
    return content


def _unescaped(text: memoryview) -> bytes:
    """The characters of a JSON text, without its escapes."""
    return msgspec.json.decode(b'"' + bytes(text) + b'"', type=str).encode("utf-8", "replace")
