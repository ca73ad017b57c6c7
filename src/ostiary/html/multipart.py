"""Reads multipart/form-data (RFC 7578), as forms with files send it.

It is parsed in memory: a parser that spools to temporary files would leave pictures on disk unencrypted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.sentences import sentence

MOST_PARTS = 16
MOST_PART_HEADERS, MOST_PART_HEADER_BYTES = 8, 8_192
"""Clients send two or three of some hundred bytes; the bytes are of one header, name and value together."""


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
            raise InvalidRequest(sentence("The body has more than %(most)s parts.", most=MOST_PARTS))

    def _collect(self, into: bytearray, data: bytes) -> None:
        into.extend(data)
        if len(self.header) + len(self.value) > MOST_PART_HEADER_BYTES:
            raise InvalidRequest(
                sentence("A part's header is longer than %(most)s bytes.", most=f"{MOST_PART_HEADER_BYTES:,}")
            )

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


def parts_of(body: bytes | bytearray, content_type: bytes) -> dict[str, bytearray]:
    """The parts by name; a file that was not chosen is not among them. Raises InvalidRequest."""
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
