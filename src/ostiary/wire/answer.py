"""Answers as structs: what is sent, and how the OpenAPI document describes it, come from one place.

A field without a value is absent: it is a field with a default. A struct's docstring is its description.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Annotated, Any, ClassVar, cast, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

Schema = dict[str, Any]
SUFFIX = "Answer"
"""Ends the names of structs; the component has the name without it."""
ID_PATTERN = "^[0-9A-Za-z]{32}$"
TIMESTAMP_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"
Id = Annotated[str, Meta(pattern=ID_PATTERN)]
Timestamp = Annotated[str, Meta(pattern=TIMESTAMP_PATTERN, description="UTC, whole seconds, no zone.")]
_PLAIN: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
}


@dataclass(frozen=True)
class Exactly:
    """The whole schema of a field, where its type does not say it."""

    schema: Schema


A_DAY = Exactly({"type": "string", "format": "date"})


class Answer(msgspec.Struct, kw_only=True, omit_defaults=True, frozen=True):
    """An object of an answer. One that is not a component is described in place."""

    is_component: ClassVar[bool] = True
    described_first: ClassVar[tuple[str, ...]] = ()
    """Fields that the schema names before the others, whatever the order in which they are sent."""


def one_of(values: Iterable[object], description: str | None = None) -> Meta:
    """Lists the values that a text may have."""
    return Meta(description=description, extra_json_schema={"enum": [str(value) for value in values]})


def about(description: str) -> Meta:
    """Describes a field."""
    return Meta(description=description)


def fields_of(answer: Answer) -> dict[str, Any]:
    """The fields as they are sent, before encoding: for commands, which show them among others."""
    return cast(dict[str, Any], msgspec.to_builtins(answer))


def component(kind: type[Answer]) -> str:
    """The name of the component that describes a struct."""
    return kind.__name__.removesuffix(SUFFIX)


def schemas(*kinds: type[Answer]) -> dict[str, Schema]:
    """The schemas of structs, by the names of their components."""
    return {component(kind): schema_of(kind) for kind in kinds}


def schema_of(kind: type[Answer]) -> Schema:
    """The schema of a struct: these fields and no others, those that are always there first."""
    hints = get_type_hints(kind, include_extras=True)
    fields = sorted(msgspec.structs.fields(kind), key=lambda field: _place(kind, field.name))
    required = [field.name for field in fields if field.required]
    optional = [field.name for field in fields if not field.required]
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip(),
        "properties": {name: _schema(hints[name]) for name in (*required, *optional)},
        "required": required,
        "additionalProperties": False,
    }


def _place(kind: type[Answer], name: str) -> int:
    first = kind.described_first
    return first.index(name) if name in first else len(first)


def _schema(hint: Any) -> Schema:
    if get_origin(hint) is Annotated:
        inner, *metas = get_args(hint)
        schema = dict(_schema(inner))
        for meta in metas:
            schema = dict(meta.schema) if isinstance(meta, Exactly) else schema | _meta_schema(meta)
        return schema
    choices = [choice for choice in get_args(hint) if choice is not NoneType]
    if get_origin(hint) in (list, tuple):
        return {"type": "array", "items": _schema(choices[0])}
    if get_origin(hint) is dict:
        return {"type": "object"}
    if choices:  # a field that may be absent
        return _schema(choices[0])
    if isinstance(hint, type) and issubclass(hint, Answer):
        return {"$ref": f"#/components/schemas/{component(hint)}"} if hint.is_component else schema_of(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [str(value) for value in hint]}
    return dict(_PLAIN[hint])


def _meta_schema(meta: Meta) -> Schema:
    schema: Schema = {} if meta.pattern is None else {"pattern": meta.pattern}
    schema |= meta.extra_json_schema or {}
    return schema if meta.description is None else {**schema, "description": meta.description}
