"""Reads documents: JSON with pictures in base64, or multipart/form-data, which saves the third that base64 adds.

Multipart is parsed in memory: a parser that spools to temporary files would leave pictures on disk unencrypted. Wrong
base64 is not a malformed request: it becomes an unreadable picture, judged like any other.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pybase64
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from ostiary.api.reading.bodies import ABSENT, DocumentationBody, DocumentPart
from ostiary.api.reading.picture_texts import LOOKED_AT, slip_in, slip_in_part
from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.web.json_body import read_json, refusal, storable

PREFIX_CHARACTERS = 256
"""`data:image/jpeg;base64,` is 23; parameters may come between."""
MOST_METADATA_BYTES = 65_536
"""A document has a handful of details; decoding millions of values would hold the interpreter for everybody."""
MOST_PARTS = 10
MOST_PART_HEADERS, MOST_PART_HEADER_BYTES = 8, 8_192
"""Clients send two or three of some hundred bytes; the bytes are of one header, name and value together."""


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    """A DocumentBody whose parts stay raw until their size is known."""

    document_type: str
    metadata: msgspec.Raw = ABSENT
    image_front: msgspec.Raw = ABSENT
    image_back: msgspec.Raw = ABSENT


class _Documentation(msgspec.Struct, forbid_unknown_fields=True):
    document: _Document


_decode = msgspec.json.Decoder(_Documentation).decode
_decode_metadata = msgspec.json.Decoder(dict[str, Any] | None).decode


def upload_of_json(body: bytes | bytearray) -> Upload:
    """Decodes megabytes: call it in the thread pool. Raises InvalidRequest."""
    try:
        document = _decode(body).document
        metadata = _details(document.metadata)
        slips: dict[str, str] = {}
        front, back = _picture(document.image_front, FRONT, slips), _picture(document.image_back, BACK, slips)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refusal(body, DocumentationBody) from None
    return Upload(type=document.document_type, metadata=metadata, front=front, back=back, slips=slips)


def upload_of_multipart(body: bytes | bytearray, content_type: bytes) -> Upload:
    """Raises InvalidRequest."""
    parts = _parts(body, content_type)
    allowed = {"document", FRONT, BACK}
    faults = [
        Fault(name[:100], "FIELD_UNKNOWN", f"{name[:100]} is no part; known: {', '.join(sorted(allowed))}")
        for name in parts
        if name not in allowed
    ]
    if "document" not in parts:
        faults.append(Fault("document", "FIELD_MISSING", "document is required: the JSON without pictures"))
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    if len(parts["document"]) > MOST_METADATA_BYTES:
        raise _too_long("document")
    document = read_json(parts["document"], DocumentPart)
    front, back = (bytes(parts[name]) if name in parts else None for name in (FRONT, BACK))
    sides = ((FRONT, front), (BACK, back))
    slips = {name: slip for name, content in sides if content is not None and (slip := slip_in_part(content))}
    return Upload(
        type=document.document_type, metadata=_storable(document.metadata), front=front, back=back, slips=slips
    )


def _details(raw: msgspec.Raw) -> dict[str, Any]:
    """Decoded only once it is known to be small. Raises msgspec.DecodeError, InvalidRequest."""
    if len(memoryview(raw)) > MOST_METADATA_BYTES:
        raise _too_long("document.metadata")
    return _storable(_decode_metadata(raw))


def _too_long(path: str) -> InvalidRequest:
    fault = Fault(path, "FIELD_TYPE", f"{path} is longer than {MOST_METADATA_BYTES:,} bytes")
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
        raise InvalidRequest(faults=(Fault(path, "FIELD_TYPE", f"{path} must be a text in base64"),))
    content = from_base64(view[1:-1])
    if slip := slip_in(_unescaped(view[1:-1]) if not content else bytes(view[1:-1][:LOOKED_AT]), content):
        slips[name] = slip
    return content


def _unescaped(text: memoryview) -> bytes:
    """The characters of a JSON text, without its escapes."""
    return msgspec.json.decode(b'"' + bytes(text) + b'"', type=str).encode("utf-8", "replace")


def from_base64(text: memoryview) -> bytes:
    """The bytes of a base64 text (RFC 4648 4), with or without a data URI's prefix (RFC 2397); empty when wrong."""
    head = bytes(text[:PREFIX_CHARACTERS])
    if head[:5].lower() == b"data:":
        comma = head.find(b",")
        if comma < 0 or not head[:comma].lower().endswith(b";base64"):
            return b""
        text = text[comma + 1 :]
    try:
        return pybase64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return _from_escaped(text)


def _from_escaped(text: memoryview) -> bytes:
    """Some JSON writers escape `/`, and some base64 writers break lines: legal, but rare enough to come second."""
    try:
        plain = bytes(text)
        if b"\\" in plain:
            plain = msgspec.json.decode(b'"' + plain + b'"', type=str).encode()
        return pybase64.b64decode(plain.translate(None, b" \t\r\n"), validate=True)
    except (msgspec.DecodeError, binascii.Error, ValueError):
        return b""


@dataclass(slots=True)
class _Collector:
    """Receives the parser's events and keeps the parts by name."""

    parts: dict[str, bytearray] = field(default_factory=dict)
    header: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    current: bytearray | None = None
    begun: int = 0
    unsent: set[str] = field(default_factory=set)

    def callbacks(self) -> Mapping[str, Any]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._collect(self.header, data[start:end]),
            "on_header_value": lambda data, start, end: self._collect(self.value, data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": self._data,
        }

    def _begin(self) -> None:
        self.current = None
        self.begun += 1
        if self.begun > MOST_PARTS:
            raise InvalidRequest(f"The body has more than {MOST_PARTS} parts.")

    def _collect(self, into: bytearray, data: bytes) -> None:
        into.extend(data)
        if len(self.header) + len(self.value) > MOST_PART_HEADER_BYTES:
            raise InvalidRequest(f"A part's header is longer than {MOST_PART_HEADER_BYTES:,} bytes.")

    def _header_end(self) -> None:
        if self.header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self.value))
            name = options.get(b"name", b"").decode("utf-8", "replace")
            if name in self.parts or len(self.parts) >= MOST_PARTS:
                raise InvalidRequest(faults=(Fault(name[:100], "FIELD_REPEATED", "each part may come once"),))
            self.current = self.parts[name] = bytearray()
            if options.get(b"filename") == b"":
                self.unsent.add(name)
        self.header.clear()
        self.value.clear()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.current is None:
            raise InvalidRequest("A part has no name: Content-Disposition: form-data; name=... is needed.")
        self.current += memoryview(data)[start:end]


def _parts(body: bytes | bytearray, content_type: bytes) -> dict[str, bytearray]:
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not 0 < len(boundary) <= 70:  # RFC 2046 5.1.1
        raise InvalidRequest("multipart/form-data needs a boundary of 1 to 70 characters.")
    collector = _Collector()
    ended = []
    callbacks = {**collector.callbacks(), "on_end": lambda: ended.append(True)}
    parser = MultipartParser(
        boundary,
        callbacks,  # type: ignore[arg-type]
        max_header_count=MOST_PART_HEADERS,
        max_header_size=2 * MOST_PART_HEADER_BYTES,  # ours, with words, comes first
    )
    try:
        parser.write(bytes(body))
        parser.finalize()
    except MultipartParseError:
        raise InvalidRequest("The body is not well-formed multipart/form-data.") from None
    if not ended:
        raise InvalidRequest("The multipart body ends before its last boundary.")
    # A browser's form sends a part for every file that could have been chosen, with no name and no bytes for those that
    # were not (HTML, "constructing the entry list").
    return {name: part for name, part in collector.parts.items() if part or name not in collector.unsent}
