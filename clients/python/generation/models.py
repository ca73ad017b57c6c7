"""The service's structs as the client's: the same fields, with their descriptions, and enumerations that stay open."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from generation.choice import ABOUT, BASES, BODIES, DESCRIBED, FILES, LISTED, NAMES, ROOTS, SAME, WORDS
from ostiary.wire.answer import SUFFIX

NOTE = "Generated from the service's own types by `make clients`: do not edit."
NO_SECRET = {"PASS": "  # noqa: S105 - an outcome"}
WIDTH = 108
"""Of descriptions, with room for what is before and after them within the line length of the house."""


def files() -> dict[str, str]:
    """Every module of types, by its name."""
    kinds = [*_closure(ROOTS), *BODIES]
    by_file: dict[str, list[type]] = {}
    for kind in kinds:
        by_file.setdefault(_file(kind), []).append(kind)
    return {
        "words": _words_module(_all_words(kinds)),
        **{name: _module(name, members) for name, members in by_file.items()},
    }


def names() -> dict[str, list[str]]:
    """The names that each module of types has."""
    kinds = [*_closure(ROOTS), *BODIES]
    listed: dict[str, list[str]] = {"words": [_word(word) for word in _all_words(kinds)]}
    for kind in kinds:
        listed.setdefault(_file(kind), []).append(_name(kind))
    return listed


def _closure(roots: tuple[type, ...]) -> list[type]:
    """The structs and those they are made of, each after what it needs."""
    ordered: list[type] = []

    def visit(kind: type) -> None:
        for inner in _structs(kind):
            visit(inner)
        if kind not in ordered:
            ordered.append(kind)

    for root in roots:
        visit(root)
    return ordered


def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in msgspec.structs.fields(kind)}


def _leaves(hint: Any) -> Iterator[Any]:
    if arguments := get_args(hint):
        inner = arguments[:1] if get_origin(hint) is Annotated else arguments
        for each in inner:
            yield from _leaves(each)
    else:
        yield hint


def _structs(kind: type) -> Iterator[type]:
    for hint in _hints(kind).values():
        for leaf in _leaves(hint):
            if isinstance(leaf, type) and issubclass(leaf, msgspec.Struct):
                yield SAME.get(leaf, leaf)


def _words(kind: type) -> Iterator[type[Enum]]:
    for hint in _hints(kind).values():
        for leaf in _leaves(hint):
            if isinstance(leaf, type) and issubclass(leaf, Enum):
                yield leaf


def _all_words(kinds: list[type]) -> list[type[Enum]]:
    return sorted({*LISTED, *(word for kind in kinds for word in _words(kind))}, key=_word)


def _name(kind: type) -> str:
    return NAMES.get(kind, kind.__name__.removesuffix(SUFFIX))


def _word(word: type[Enum]) -> str:
    return WORDS.get(word.__name__, word.__name__)


def _file(kind: type) -> str:
    return FILES[kind.__module__.rpartition(".")[2]]


def _typed(hint: Any) -> str:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _typed(arguments[0])
    if origin in (list, tuple):
        return f"tuple[{_typed(arguments[0])}, ...]"
    if origin is dict:
        return f"dict[{', '.join(map(_typed, arguments))}]"
    if origin in (Union, UnionType):
        return " | ".join(_typed(each) for each in arguments if each is not msgspec.UnsetType)
    if hint is NoneType:
        return "None"
    if hint is Any:
        return "Any"
    if issubclass(hint, Enum):
        return _word(hint)
    return _name(hint) if issubclass(hint, msgspec.Struct) else str(hint.__name__)


def _description(hint: Any) -> str:
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


def _docstring(text: str, indent: str = "    ") -> list[str]:
    """Wrapped as a docstring."""
    lines = textwrap.wrap(" ".join(text.split()), WIDTH)
    if len(lines) < 2:
        return [f'{indent}"""{"".join(lines)}"""']
    return [f'{indent}"""{lines[0]}', *(indent + line for line in lines[1:]), f'{indent}"""']


def _class(kind: type) -> list[str]:
    name = _name(kind)
    base = BASES.get(name, "Value")
    lines = [f"class {name}({base}, kw_only=True, frozen=True, omit_defaults=True):"]
    lines += [*_docstring(DESCRIBED.get(name) or (kind.__doc__ or "").partition("\n\n")[0]), ""]
    hints = _hints(kind)
    for field in msgspec.structs.fields(kind):
        default = "" if field.required else f" = {None if field.default is msgspec.UNSET else field.default!r}"
        lines.append(f"    {field.name}: {_typed(hints[field.name])}{default}")
        if about := _description(hints[field.name]):
            lines += _docstring(about)
    return lines


def _module(name: str, kinds: list[type]) -> str:
    body = [line for kind in kinds for line in ("", "", *_class(kind))]
    own = {_name(kind) for kind in kinds}
    needed: dict[str, set[str]] = {}
    for kind in kinds:
        for inner in _structs(kind):
            if _name(inner) not in own:
                needed.setdefault(f"ostiary_client.generated.{_file(inner)}", set()).add(_name(inner))
        for word in _words(kind):
            needed.setdefault("ostiary_client.generated.words", set()).add(_word(word))
        needed.setdefault("ostiary_client.extras", set()).add(BASES.get(_name(kind), "Value"))
    uses_any = ["from typing import Any", ""] if any("Any" in line.split('"""')[0] for line in body) else []
    imports = [f"from {module} import {', '.join(sorted(members))}" for module, members in sorted(needed.items())]
    head = [f'"""{ABOUT[name]}\n\n{NOTE}\n"""', "", "from __future__ import annotations", ""]
    return "\n".join([*head, *uses_any, *imports, *body, ""])


def _words_module(words: list[type[Enum]]) -> str:
    head = [f'"""Words that have a fixed list. One that a newer service adds is taken as it comes.\n\n{NOTE}\n"""', ""]
    lines = [*head, "from __future__ import annotations", "", "from ostiary_client.extras import OpenWord"]
    for word in words:
        lines += ["", "", f"class {_word(word)}(OpenWord):"]
        lines += [*_docstring((word.__doc__ or "").partition("\n\n")[0]), ""]
        lines += [f"    {member.name} = {member.value!r}{NO_SECRET.get(member.name, '')}" for member in word]
    return "\n".join([*lines, ""])
