"""The service's structs as types of TypeScript: the same fields with their descriptions, and words that stay open."""

from __future__ import annotations

import json
import textwrap
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from generation.choice import ABOUT, BASES, BODIES, LISTED
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

WIDTH = 108
"""Of descriptions, as in the Python client."""
SCALARS: dict[type, str] = {str: "string", int: "number", float: "number", bool: "boolean"}
DISCRIMINATES = "event_type"
"""Its words tell events apart, so they are closed: an event with another word is of another type."""


def files() -> dict[str, str]:
    """Every module of types, by its name."""
    modules = {name: _module(name, kinds) for name, kinds in kinds_by_file().items()}
    return {"words": _words_module(), **modules}


def comment(text: str, indent: str = "") -> list[str]:
    """A text as TSDoc."""
    lines = textwrap.wrap(" ".join(text.split()), WIDTH)
    if len(lines) < 2:
        return [f"{indent}/** {''.join(lines)} */"]
    return [f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"]


def typed(hint: Any, closed: bool = False) -> str:
    """A type as it is written there. What may be absent says so at its field."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(hint, closed)
    if origin in (list, tuple):
        inner = typed(arguments[0])
        return f"readonly {inner}[]" if inner.isidentifier() else f"ReadonlyArray<{inner}>"
    if origin is dict:
        return f"Readonly<Record<{', '.join(map(typed, arguments))}>>"
    if origin in (Union, UnionType):
        return " | ".join(dict.fromkeys(typed(each, closed) for each in arguments if not _is_none(each)))
    if hint is Any:
        return "unknown"
    if issubclass(hint, Enum):
        return word_of(hint)
    return name_of(hint) if issubclass(hint, msgspec.Struct) else SCALARS[hint]


def _annotated(hint: Any, closed: bool) -> str:
    inner, *metas = get_args(hint)
    for meta in metas:
        if listed := (getattr(meta, "extra_json_schema", None) or {}).get("enum"):
            words = " | ".join(json.dumps(word) for word in listed)
            return words if closed else f"OpenWord<{words}>"
    return typed(inner, closed)


def _is_none(hint: Any) -> bool:
    return hint is NoneType or hint is msgspec.UnsetType


def shape(hint: Any) -> str:
    """A type as `shapes.ts` has it: `Product`, `string[]`, `{unknown}`, `boolean|string`."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return shape(arguments[0])
    if origin in (list, tuple):
        return f"{shape(arguments[0])}[]"
    if origin is dict:
        return "{" + shape(arguments[1]) + "}"
    if origin in (Union, UnionType):
        return "|".join(dict.fromkeys(shape(each) for each in arguments if not _is_none(each)))
    if hint is Any:
        return "unknown"
    if issubclass(hint, Enum):
        return "string"
    return name_of(hint) if issubclass(hint, msgspec.Struct) else SCALARS[hint]


def shapes() -> str:
    """What each value consists of, to look at what comes."""
    kinds = [kind for kind in all_kinds() if kind not in BODIES]
    lines = [f"// What each value consists of: answers are held against it.\n// {NOTE}", ""]
    for file, members in kinds_by_file().items():
        if answered := sorted(name_of(kind) for kind in members if kind not in BODIES):
            lines.append(f'import type {{ {", ".join(answered)} }} from "./{file}.js";')
    lines += ["", "/** The values by their names. */", "export interface Values {"]
    lines += [f"  readonly {name_of(kind)}: {name_of(kind)};" for kind in kinds]
    lines += ["}", "", "/** Of each value its fields; `?` before what may be absent. */"]
    lines += ["export const SHAPES: { readonly [Name in keyof Values]: Readonly<Record<string, string>> } = {"]
    for kind in kinds:
        hints = hints_of(kind)
        fields = [
            f'{field.name}: "{"" if field.required else "?"}{shape(hints[field.name])}"'
            for field in msgspec.structs.fields(kind)
        ]
        lines += [f"  {name_of(kind)}: {{", *(f"    {field}," for field in fields), "  },"]
    return "\n".join([*lines, "};", ""])


def _interface(kind: type) -> list[str]:
    name = name_of(kind)
    base = f" extends {BASES[name]}" if name in BASES else ""
    lines = [*comment(about(kind)), f"export interface {name}{base} {{"]
    hints = hints_of(kind)
    for field in msgspec.structs.fields(kind):
        if text := description_of(hints[field.name]):
            lines += comment(text, "  ")
        closed = field.name == DISCRIMINATES and file_of(kind) == "events"
        kind_of_field = typed(hints[field.name], closed)
        optional = "" if field.required else "?"
        lines.append(f"  readonly {field.name}{optional}: {kind_of_field}{' | undefined' if optional else ''};")
    return [*lines, "}"]


def _module(name: str, kinds: list[type]) -> str:
    body = [line for kind in kinds for line in ("", *_interface(kind))]
    own = {name_of(kind) for kind in kinds}
    needed: dict[str, set[str]] = {}
    for kind in kinds:
        for inner in structs_of(kind):
            if name_of(inner) not in own:
                needed.setdefault(f"./{file_of(inner)}.js", set()).add(name_of(inner))
        for word in words_of(kind):
            needed.setdefault("./words.js", set()).add(word_of(word))
        if name_of(kind) in BASES:
            needed.setdefault("../extras.js", set()).add(BASES[name_of(kind)])
    if any("OpenWord<" in line for line in body):
        needed.setdefault("../extras.js", set()).add("OpenWord")
    imports = [
        f'import type {{ {", ".join(sorted(names))} }} from "{module}";' for module, names in sorted(needed.items())
    ]
    return "\n".join([f"// {ABOUT[name]}\n// {NOTE}", *([""] if imports else []), *imports, *body, ""])


def _words_module() -> str:
    head = f"// Words that have a fixed list. One that a newer service adds is taken as it comes.\n// {NOTE}"
    lines = [head, "", 'import type { OpenWord } from "../extras.js";']
    for word in all_words(all_kinds()):
        name, text = word_of(word), comment((word.__doc__ or "").partition("\n\n")[0])
        lines += ["", *text, f"export const {name} = {{"]
        lines += [f"  {member.name}: {json.dumps(member.value)}," for member in word]
        kind = f"(typeof {name})[keyof typeof {name}]"
        lines += ["} as const;", *text, f"export type {name} = {kind if word in LISTED else f'OpenWord<{kind}>'};"]
    return "\n".join([*lines, ""])
