"""Schemas as tables of fields: what a field is called, what it may hold, whether it must be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ostiary.api.reference.html import Html, code, html, joined, link, rich, table

Json = dict[str, Any]
_BOUNDS = (("minimum", "from {}"), ("maximum", "up to {}"), ("pattern", "pattern `{}`"), ("default", "default {}"))


_USUAL_SIZE = "int64"
"""Of whole numbers: it says nothing to people."""


def name_of(schema: Json) -> str:
    """The component a schema refers to, or nothing."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def fields_table(schema: Json, components: Json, *, inside: bool) -> Html:
    """The fields of an object; `inside`: with those of the objects in it."""
    return table(("Field", "Type", "About"), _rows(schema, components, inside, ""))


def _rows(schema: Json, components: Json, inside: bool, path: str) -> Iterator[tuple[Html, Html, Html]]:
    described = components.get(name_of(schema), schema)
    required = described.get("required", ())
    for name, field in described.get("properties", {}).items():
        need = Html(' <span class="need">required</span>') if name in required else Html("")
        yield joined((code(path + name), need)), type_of(field), about(field)
        if inside and name_of(field):
            yield from _rows(field, components, inside, f"{path}{name}.")


def type_of(schema: Json) -> Html:
    """What kind of value it is, with a link where it is described elsewhere."""
    if named := name_of(schema):
        return link(f"object-{named}", named)
    if options := schema.get("oneOf", schema.get("anyOf")):
        return joined(_between([type_of(option) for option in options]))
    kind = schema.get("type", "any" if "enum" not in schema else "one of")
    if kind == "array":
        return joined(("array of ", type_of(schema["items"])))
    words = kind if isinstance(kind, list) else [kind]
    return html(
        " or ".join(str(word) for word in words)
        + (f" ({schema['format']})" if schema.get("format", "int64") != "int64" else "")
    )


def _between(kinds: list[Html]) -> Iterator[Html]:
    for place, kind in enumerate(kinds):
        if place:
            yield Html(" or ")
        yield kind


def about(schema: Json) -> Html:
    """The description, the values there are, and the bounds."""
    parts: list[object] = [rich(schema["description"])] if schema.get("description") else []
    values = schema.get("enum", schema.get("items", {}).get("enum") if isinstance(schema.get("items"), dict) else None)
    if values and len(values) <= 12:
        parts.append(joined(_with_commas([code(_shown(value)) for value in values if value is not None])))
    if bounds := list(_bounds(schema)):
        parts.append(rich(", ".join(bounds)))
    return joined(_with(parts, Html("<br>")))


def _bounds(schema: Json) -> Iterator[str]:
    if "maxLength" in schema and "enum" not in schema:
        yield f"{schema.get('minLength', 0)} to {schema['maxLength']} characters"
    for name, words in _BOUNDS:
        if name in schema:
            yield words.format(_shown(schema[name]))


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _with_commas(parts: list[Html]) -> Iterator[object]:
    return _with(list(parts), ", ")


def _with(parts: list[Any], between: object) -> Iterator[object]:
    for number, part in enumerate(parts):
        if number:
            yield between
        yield part
