"""The service's structs as the client's: the same fields, with their descriptions, and enumerations that stay open."""

from __future__ import annotations

import textwrap
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from generation.choice import ABOUT, BASES
from generation.structs import (
    NOTE,
    about,
    all_kinds,
    all_words,
    description_of,
    file_of,
    hints_of,
    kinds_by_file,
    name_of,
    structs_of,
    word_of,
    words_of,
)

NO_SECRET = {"PASS": "  # noqa: S105 - an outcome"}
WIDTH = 108
"""Of descriptions, with room for what is before and after them within the line length of the house."""


def files() -> dict[str, str]:
    """Every module of types, by its name."""
    modules = {name: _module(name, members) for name, members in kinds_by_file().items()}
    return {"words": _words_module(all_words(all_kinds())), **modules}


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
        return word_of(hint)
    return name_of(hint) if issubclass(hint, msgspec.Struct) else str(hint.__name__)


def _docstring(text: str, indent: str = "    ") -> list[str]:
    """Wrapped as a docstring."""
    lines = textwrap.wrap(" ".join(text.split()), WIDTH)
    if len(lines) < 2:
        return [f'{indent}"""{"".join(lines)}"""']
    return [f'{indent}"""{lines[0]}', *(indent + line for line in lines[1:]), f'{indent}"""']


def _class(kind: type) -> list[str]:
    name = name_of(kind)
    base = BASES.get(name, "Value")
    lines = [f"class {name}({base}, kw_only=True, frozen=True, omit_defaults=True):"]
    lines += [*_docstring(about(kind)), ""]
    hints = hints_of(kind)
    for field in msgspec.structs.fields(kind):
        default = "" if field.required else f" = {None if field.default is msgspec.UNSET else field.default!r}"
        lines.append(f"    {field.name}: {_typed(hints[field.name])}{default}")
        if text := description_of(hints[field.name]):
            lines += _docstring(text)
    return lines


def _module(name: str, kinds: list[type]) -> str:
    body = [line for kind in kinds for line in ("", "", *_class(kind))]
    own = {name_of(kind) for kind in kinds}
    needed: dict[str, set[str]] = {}
    for kind in kinds:
        for inner in structs_of(kind):
            if name_of(inner) not in own:
                needed.setdefault(f"ostiary_client.generated.{file_of(inner)}", set()).add(name_of(inner))
        for word in words_of(kind):
            needed.setdefault("ostiary_client.generated.words", set()).add(word_of(word))
        needed.setdefault("ostiary_client.extras", set()).add(BASES.get(name_of(kind), "Value"))
    uses_any = ["from typing import Any", ""] if any("Any" in line.split('"""')[0] for line in body) else []
    imports = [f"from {module} import {', '.join(sorted(members))}" for module, members in sorted(needed.items())]
    head = [f'"""{ABOUT[name]}\n\n{NOTE}\n"""', "", "from __future__ import annotations", ""]
    return "\n".join([*head, *uses_any, *imports, *body, ""])


def _words_module(words: list[type[Enum]]) -> str:
    head = [f'"""Words that have a fixed list. One that a newer service adds is taken as it comes.\n\n{NOTE}\n"""', ""]
    lines = [*head, "from __future__ import annotations", "", "from ostiary_client.extras import OpenWord"]
    for word in words:
        lines += ["", "", f"class {word_of(word)}(OpenWord):"]
        lines += [*_docstring((word.__doc__ or "").partition("\n\n")[0]), ""]
        lines += [f"    {member.name} = {member.value!r}{NO_SECRET.get(member.name, '')}" for member in word]
    return "\n".join([*lines, ""])
