"""What a form or an address gives, by name: bounded, and text only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from ostiary.domain.errors import InvalidRequest
from ostiary.domain.sentences import sentence

MOST_FIELDS = 200
"""Of a form or an address: the largest form asks for a role, a company each, and reasons."""
MOST_QUERY_BYTES = 2_048
"""A filter with every field filled has some 300."""


class Fields:
    """Values by name; a name may come several times."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, list[str]] | None = None) -> None:
        self._values = values or {}

    def text(self, name: str, default: str = "") -> str:
        """The first value without blanks around it."""
        return self.raw(name, default).strip()

    def raw(self, name: str, default: str = "") -> str:
        """The first value as it was typed, such as a password."""
        return self._values.get(name, [default])[0]

    def every(self, name: str) -> tuple[str, ...]:
        """All values, without blanks around them."""
        return tuple(value.strip() for value in self._values.get(name, ()))

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def values(self) -> dict[str, list[str]]:
        """All of them, to be read only."""
        return self._values


NO_FIELDS = Fields()


def read_fields(encoded: bytes) -> Fields:
    """Fields as forms and addresses write them (application/x-www-form-urlencoded).

    Raises InvalidRequest for what is not UTF-8, holds a NUL, or is too many.
    """
    if not encoded:
        return NO_FIELDS
    try:
        text = encoded.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise InvalidRequest(sentence("A form has at most %(most)s fields, in UTF-8.", most=MOST_FIELDS)) from None
    return _fields(pairs)


def read_texts(parts: Mapping[str, bytes | bytearray]) -> Fields:
    """Fields as the parts of a form with files have them (RFC 7578), each once. Raises InvalidRequest as above."""
    try:
        return _fields((name, part.decode()) for name, part in parts.items())
    except ValueError:
        raise InvalidRequest("A form is in UTF-8.") from None


def _fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if "\0" in value or "\0" in name:
            raise InvalidRequest("A field holds a character that no text has.")
        values.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Fields(values)
