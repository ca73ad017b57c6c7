"""The structs of the service that become types of a client, read once for every language."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from generation.choice import BODIES, DESCRIBED, FILES, LISTED, NAMES, ROOTS, SAME, WORDS
from ostiary.wire.answer import SUFFIX

NOTE = "Generated from the service's own types by `make clients`: do not edit."


def all_kinds() -> list[type]:
    """Every struct that a client has as a type: answers, and what is sent."""
    return [*_closure(ROOTS), *BODIES]


def kinds_by_file() -> dict[str, list[type]]:
    """The same by the module that has them."""
    by_file: dict[str, list[type]] = {}
    for kind in all_kinds():
        by_file.setdefault(file_of(kind), []).append(kind)
    return by_file


def names() -> dict[str, list[str]]:
    """The names that each module of types has."""
    words = [word_of(word) for word in all_words(all_kinds())]
    return {"words": words, **{file: list(map(name_of, kinds)) for file, kinds in kinds_by_file().items()}}


def about(kind: type) -> str:
    """What a type is: the first paragraph of its docstring."""
    text = DESCRIBED.get(name_of(kind)) or (kind.__doc__ or "").partition("\n\n")[0]
    return " ".join(text.split())


def _closure(roots: tuple[type, ...]) -> list[type]:
    """The structs and those they are made of, each after what it needs."""
    ordered: list[type] = []

    def visit(kind: type) -> None:
        for inner in structs_of(kind):
            visit(inner)
        if kind not in ordered:
            ordered.append(kind)

    for root in roots:
        visit(root)
    return ordered


def hints_of(kind: type) -> dict[str, Any]:
    """The type of each field, with what is noted about it."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in msgspec.structs.fields(kind)}


def leaves(hint: Any) -> Iterator[Any]:
    """The types that a type is made of."""
    if arguments := get_args(hint):
        inner = arguments[:1] if get_origin(hint) is Annotated else arguments
        for each in inner:
            yield from leaves(each)
    else:
        yield hint


def structs_of(kind: type) -> Iterator[type]:
    """The structs among the types of its fields."""
    for hint in hints_of(kind).values():
        for leaf in leaves(hint):
            if isinstance(leaf, type) and issubclass(leaf, msgspec.Struct):
                yield SAME.get(leaf, leaf)


def words_of(kind: type) -> Iterator[type[Enum]]:
    """The enumerations among the types of its fields."""
    for hint in hints_of(kind).values():
        for leaf in leaves(hint):
            if isinstance(leaf, type) and issubclass(leaf, Enum):
                yield leaf


def all_words(kinds: list[type]) -> list[type[Enum]]:
    """The enumerations of these structs, and those that no field has as its type."""
    return sorted({*LISTED, *(word for kind in kinds for word in words_of(kind))}, key=word_of)


def name_of(kind: type) -> str:
    """What clients call a struct."""
    return NAMES.get(kind, kind.__name__.removesuffix(SUFFIX))


def word_of(word: type[Enum]) -> str:
    """What clients call an enumeration."""
    return WORDS.get(word.__name__, word.__name__)


def file_of(kind: type) -> str:
    """The module of a client that has a struct."""
    return FILES[kind.__module__.rpartition(".")[2]]


def description_of(hint: Any) -> str:
    """What `Meta` says of a field: which texts it may be, and what about it."""
    parts: list[str] = []
    while get_origin(hint) is Annotated or (get_args(hint) and NoneType in get_args(hint)):
        if get_origin(hint) is Annotated:
            hint, *metas = get_args(hint)
            for meta in metas:
                parts.append(getattr(meta, "description", None) or "")
                listed = (getattr(meta, "extra_json_schema", None) or {}).get("enum")
                parts.append("One of: " + ", ".join(f"`{value}`" for value in listed) + "." if listed else "")
        else:
            hint = next(each for each in get_args(hint) if each is not NoneType)
    texts = list(dict.fromkeys(part for part in parts if part))
    return " ".join(part for part in texts if not any(part in other for other in texts if other is not part))
