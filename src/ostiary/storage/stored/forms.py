"""How a stored form is opened: by its own names, and never a newer one by mistake.

What is stored is a struct of this package, and functions beside it turn that into the domain's value and back. As long
as a value is named, typed and defaulted as its form is, it is decoded straight into the value: making everything twice
more than doubles what opening a dossier takes. Where they differ, by a rename for example, the form is made first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

from ostiary.domain.errors import StoredByNewer
from ostiary.domain.sentences import Sentence

FORM = 1
"""The newest form of everything that is sealed, not written as long as it is the first. A second one of some value
needs a struct beside the first, its number written, and a schema that versions before it do not work with."""
V = TypeVar("V")
F = TypeVar("F", bound=msgspec.Struct)
G = TypeVar("G", bound=msgspec.Struct)
Pairs = Mapping[type, type]
"""Forms, each with the domain's value that it is the form of."""


class Numbered(msgspec.Struct, kw_only=True, gc=False):
    """What is sealed as one value. `form` is absent for the first form."""

    form: int | UnsetType = UNSET


class _Number(msgspec.Struct):
    form: int = FORM


def _as_words(value: object) -> str:
    """A sentence of ours is kept as its English words; nothing else that is no plain value is kept at all."""
    if isinstance(value, Sentence):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not kept")


encode = msgspec.msgpack.Encoder(enc_hook=_as_words).encode
_number = msgspec.msgpack.Decoder(_Number).decode


def straight(form: type[F], value: type[G], pairs: Pairs, build: Callable[[F], G]) -> Callable[[bytes], G]:
    """Opens a form that holds the domain's values as they are, where each of `pairs` is alike, and by `build` if not.

    What it gives raises StoredByNewer for a newer form.
    """
    if all(is_alike(kind, other, pairs) for kind, other in pairs.items()):
        return opening(value)
    return through(form, build)


def through(form: type[F], build: Callable[[F], V]) -> Callable[[bytes], V]:
    """Opens a form and makes a value of it. What it gives raises StoredByNewer for a newer form."""
    opened = opening(form)

    def built(content: bytes) -> V:
        return build(opened(content))

    return built


def opening(form: type[F]) -> Callable[[bytes], F]:
    """Opens a form as it is. What it gives raises StoredByNewer for a newer one."""
    decode = msgspec.msgpack.Decoder(form).decode

    def opened(content: bytes) -> F:
        try:
            stored = decode(content)
        except msgspec.ValidationError:
            _refuse_newer(content)
            raise
        if stored.form is not UNSET:  # type: ignore[attr-defined]
            _refuse_newer(content)
        return stored

    return opened


def is_alike(form: type, value: type, pairs: Pairs) -> bool:
    """Whether a dataclass has just the names, types and defaults of its form, so that it is decoded from the same."""
    hints = get_type_hints(value)
    ours = {field.name: (_plain(hints[field.name], {}), _default(field, {})) for field in fields(value)}
    return ours == {
        field.encode_name: (_plain(field.type, pairs), _default(field, pairs)) for field in msgspec.structs.fields(form)
    }


def _plain(kind: Any, pairs: Pairs) -> object:
    """A type in a way that can be compared, with the domain's values in place of forms."""
    parts = get_args(kind)
    if not parts:
        return pairs.get(kind, kind)
    origin, inner = get_origin(kind), tuple(_plain(part, pairs) for part in parts)
    return (Union, frozenset(inner)) if origin in (Union, UnionType) else (origin, inner)


def _default(field: Any, pairs: Pairs) -> object:
    """What an absent attribute becomes: a value with its type, or who makes it."""
    if field.default_factory not in (MISSING, msgspec.NODEFAULT):
        return pairs.get(field.default_factory, field.default_factory)
    return None if field.default in (MISSING, msgspec.NODEFAULT) else (type(field.default), field.default)


def _refuse_newer(content: bytes) -> None:
    if (number := _number(content).form) > FORM:
        message = f"A stored value has form {number}, which a newer version wrote; this one knows {FORM}."
        raise StoredByNewer(message) from None  # what the decoder says may quote what is stored
