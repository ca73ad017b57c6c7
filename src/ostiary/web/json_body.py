"""Reading JSON into typed values, and telling every fault of it at once.

The fast path is one strict decode. Only when that refuses is the body walked field by field to name all faults:
missing, wrong-typed and unknown ones, the latter with the nearest name that is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from math import inf
from types import NoneType
from typing import Any, TypeVar, get_args

import msgspec

from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.sentences import N_, sentence, spoken

T = TypeVar("T", bound=msgspec.Struct)
NAME_SHOWN = 100
"""Of an unknown field's name, as sent by who knows whom, this much is repeated."""
MOST_FAULTS = 50
FEW_VALUES_BYTES, MOST_VALUES = 65_536, 10_000
"""A large body is pictures, which are few values. To name the faults of one that is something else, all of it is
decoded, and millions of small values would hold the interpreter for a second."""
MOST_INTEGER = 2**63 - 1
"""What 64 bits hold; storage and answers know no larger whole number."""
_WORDS = {
    str: N_("a text"), int: N_("a whole number"), bool: N_("true or false"), float: N_("a number"),
    dict: N_("an object"),
}  # fmt: skip
_decoders: dict[type, msgspec.json.Decoder[Any]] = {}


def read_json(body: bytes | bytearray, kind: type[T]) -> T:
    """Raises InvalidRequest with every field at fault."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        value: T = decoder.decode(body)
        demand_once(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refusal(body, kind) from None
    return value


class _Twice(Exception):
    """An object has a member more than once."""


def _demand_single(members: list[tuple[str, Any]]) -> None:
    if len(members) > 1 and len(dict(members)) < len(members):
        raise _Twice


_demand_singles = json.JSONDecoder(object_pairs_hook=_demand_single, parse_int=len, parse_float=len).decode
_members_of = json.JSONDecoder(object_pairs_hook=tuple, parse_int=len, parse_float=len).decode


def demand_once(body: bytes | bytearray | memoryview, inside: str = "") -> None:
    """Refuses JSON in which an object has a member more than once: of two values, what checks a call on its way may
    read another than we do (RFC 8259 section 4). Raises InvalidRequest, and RecursionError."""
    text = str(body, "utf-8", "replace")
    try:
        _demand_singles(text)
    except _Twice:
        places = dict.fromkeys(_repeated(_members_of(text), inside))
        raise InvalidRequest(faults=tuple(repeated_member(each) for each in islice(places, MOST_FAULTS))) from None


def repeated_member(path: str) -> Fault:
    """The fault of a member that is there more than once."""
    return Fault(path, "FIELD_REPEATED", sentence("%(path)s is there more than once", path=path))


def _repeated(value: Any, path: str) -> Iterator[str]:
    """The paths of members that come again. Objects are tuples here, and arrays lists."""
    if isinstance(value, list):
        for each in value:
            yield from _repeated(each, path)
    elif isinstance(value, tuple):
        earlier = set[str]()
        for name, member in value:
            shown = path + name[:NAME_SHOWN]
            if name in earlier:
                yield shown
            earlier.add(name)
            yield from _repeated(member, f"{shown}.")


def storable(value: Any) -> Any:
    """One datum as it may be kept: a larger whole number as the nearest float, as most readers of JSON take it.

    A list or an object comes out empty: no datum is one, so what is in it (and how deep) does not matter.
    """
    if isinstance(value, dict | list):
        return type(value)()
    if not isinstance(value, int) or -MOST_INTEGER <= value <= MOST_INTEGER:
        return value
    try:
        return float(value)
    except OverflowError:
        return inf


def refusal(body: bytes | bytearray, kind: type[msgspec.Struct]) -> InvalidRequest:
    """Why a body is not of a kind."""
    if len(body) > FEW_VALUES_BYTES and sum(body.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        return InvalidRequest(
            sentence(
                "The body is not what is expected here, and holds more than %(most)s values.",
                most=f"{MOST_VALUES:,}",
            )
        )
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return InvalidRequest(
            sentence("The body must be a JSON object in UTF-8%(where)s.", where=_where(body, problem))
        )
    if not isinstance(value, dict):
        return InvalidRequest(N_("The body must be a JSON object."))
    return InvalidRequest(faults=tuple(islice(faults_of(value, kind), MOST_FAULTS)))


def _where(body: bytes | bytearray, problem: Exception) -> str:
    """Where a text stops being JSON, to end a sentence; lines and columns count from 1, columns in characters. Nothing
    of the text is repeated."""
    if not body.strip():
        return "; it is empty"
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return "; it begins with a byte order mark, which JSON does not have (RFC 8259 section 8.1)"
    try:
        body.decode()
    except UnicodeDecodeError as wrong:
        return f"; it is no UTF-8 at {_place(body, wrong.start)}"
    if "truncated" in str(problem):
        if body.rstrip().endswith(b"}"):  # what the decoder says of half a surrogate pair as well
            return "; a text in it does not end, or has half of a surrogate pair (\\ud800 to \\udfff)"
        return f"; it ends too early, at {_place(body, len(body))}"
    position = _AT_BYTE.search(str(problem))
    if position:
        return f"; it is no JSON at {_place(body, int(position[1]))}"
    return "; it is nested too deeply" if isinstance(problem, RecursionError) else "; a number in it is out of range"


def _place(body: bytes | bytearray, at: int) -> str:
    before = bytes(body[:at])
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    return f"line {before.count(10) + 1}, column {column} (byte {at})"


_AT_BYTE = re.compile(r"\(byte ([0-9]+)\)")


def faults_of(value: Mapping[str, Any], kind: type[msgspec.Struct], inside: str = "") -> Iterator[Fault]:
    """Every fault of an object against a type."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in value:
        if name not in fields:
            yield _unknown(name, fields, inside)
    for name, field in fields.items():
        path = inside + name
        if value.get(name) is None:
            if field.required:
                yield Fault(
                    path,
                    "FIELD_MISSING",
                    sentence("%(path)s is required: %(wanted)s", path=path, wanted=spoken(_words(field.type))),
                )
        else:
            yield from _of_value(value[name], field.type, path)


def _of_value(value: Any, kind: Any, path: str) -> Iterator[Fault]:
    plain = _plain(kind)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        if isinstance(value, dict):
            yield from faults_of(value, plain, f"{path}.")
        else:
            yield Fault(path, "FIELD_TYPE", sentence("%(path)s must be an object", path=path))
        return
    if not (isinstance(value, str) if plain is msgspec.Raw else _converts(value, plain)):
        yield Fault(path, "FIELD_TYPE", sentence("%(path)s must be %(wanted)s", path=path, wanted=spoken(_words(kind))))


def _converts(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _unknown(name: str, fields: Mapping[str, Any], inside: str) -> Fault:
    shown = name[:NAME_SHOWN]
    near = get_close_matches(shown, fields, 1)
    hint = sentence("known: %(possible)s", possible=", ".join(inside + field for field in fields))
    if near:
        hint = sentence("did you mean %(name)s?", name=f"{inside}{near[0]}")
    return Fault(
        f"{inside}{shown}",
        "FIELD_UNKNOWN",
        sentence("%(name)s is not known; %(hint)s", name=f"{inside}{shown}", hint=hint),
    )


def _plain(kind: Any) -> Any:
    """A type without its `| None`."""
    rest = [option for option in get_args(kind) if option not in (NoneType, msgspec.UnsetType)]
    return rest[0] if len(rest) == 1 else kind


def _words(kind: Any) -> str:
    plain = _plain(kind)
    if plain is msgspec.Raw:
        return N_("a text in base64")
    options = [option for option in get_args(plain) if option is not NoneType]
    if options and all(option in _WORDS for option in options):
        return " or ".join(_WORDS[option] for option in options)
    return _WORDS.get(plain, "an object")
