"""Protocol buffers' wire format, as far as model files need it: a message as its fields, in the order they came.

Nothing about a message's meaning is known here, so what is not looked at is written back as it was. The format:
https://protobuf.dev/programming-guides/encoding/ (varints, and values of known length; groups are not used any more).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

VARINT, EIGHT_BYTES, SIZED, FOUR_BYTES = 0, 1, 2, 5
_FIXED = {EIGHT_BYTES: 8, FOUR_BYTES: 4}
_MOST_VARINT_BYTES = 10

Value = int | bytes | memoryview


@dataclass(slots=True)
class WireMessage:
    """Fields as (number, kind, value); a varint's value is a number, every other one's is bytes."""

    fields: list[tuple[int, int, Value]] = field(default_factory=list)

    def add(self, number: int, value: int | str | bytes | memoryview | WireMessage) -> WireMessage:
        """Itself, with one more field at the end."""
        if isinstance(value, int):
            self.fields.append((number, VARINT, value))
        else:
            self.fields.append((number, SIZED, encoded(value) if isinstance(value, WireMessage) else _bytes(value)))
        return self

    def all(self, number: int) -> Iterator[Value]:
        """Every value of a field that may come more than once."""
        return (value for entry, _, value in self.fields if entry == number)

    def texts(self, number: int) -> list[str]:
        return [bytes(value).decode() for value in self.all(number) if not isinstance(value, int)]

    def text(self, number: int) -> str:
        """The text of a field, empty when there is none."""
        return "".join(self.texts(number)[-1:])

    def without(self, *numbers: int) -> WireMessage:
        """A copy that lacks some fields."""
        return WireMessage([entry for entry in self.fields if entry[0] not in numbers])


def decoded(content: bytes | memoryview) -> WireMessage:
    """The fields of a message. Values are views into `content`. Raises ValueError where it is none."""
    view, at, message = memoryview(content), 0, WireMessage()
    while at < len(view):
        key, at = _varint(view, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(view, at)
            message.fields.append((number, kind, value))
            continue
        if kind == SIZED:
            size, at = _varint(view, at)
        elif kind in _FIXED:
            size = _FIXED[kind]
        else:
            raise ValueError(f"a field of the unknown kind {kind}")
        if at + size > len(view):
            raise ValueError("the message ends within a field")
        message.fields.append((number, kind, view[at : at + size]))
        at += size
    return message


def encoded(message: WireMessage) -> bytes:
    """The message's bytes."""
    pieces: list[bytes | memoryview] = []
    for number, kind, value in message.fields:
        pieces.append(_packed(number << 3 | kind))
        if isinstance(value, int):
            pieces.append(_packed(value))
            continue
        if kind == SIZED:
            pieces.append(_packed(len(value)))
        pieces.append(value)
    return b"".join(pieces)


def varints(content: bytes | memoryview) -> list[int]:
    """The numbers of a packed field."""
    view, at, numbers = memoryview(content), 0, []
    while at < len(view):
        number, at = _varint(view, at)
        numbers.append(number)
    return numbers


def _bytes(value: str | bytes | memoryview) -> bytes | memoryview:
    return value.encode() if isinstance(value, str) else value


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_MOST_VARINT_BYTES):
        if at + place >= len(view):
            raise ValueError("the message ends within a number")
        value |= (view[at + place] & 127) << 7 * place
        if view[at + place] < 128:
            return value, at + place + 1
    raise ValueError("a number without end")


def _packed(value: int) -> bytes:
    packed = bytearray()
    while value > 127:
        packed.append(value & 127 | 128)
        value >>= 7
    packed.append(value)
    return bytes(packed)
