"""Writes out what the OpenAPI standard leaves implicit, since many generators of clients do not infer it."""

from __future__ import annotations

from typing import Any


def explicit(described: Any) -> Any:
    """The same document: integers with their size, arrays with their items, free objects as such."""
    if isinstance(described, list):
        return [explicit(each) for each in described]
    if not isinstance(described, dict):
        return described
    complete = {name: value if name in _VALUES else explicit(value) for name, value in described.items()}
    kinds = complete.get("type", ())
    if isinstance(kinds, str):
        kinds = [kinds]
    if not isinstance(kinds, list):
        return complete  # a property that is called so
    if "integer" in kinds:
        complete.setdefault("format", "int64")
    if "array" in kinds:
        complete.setdefault("items", {})
    if "object" in kinds and not {"properties", "allOf"} & complete.keys():
        complete.setdefault("additionalProperties", True)
    return complete


_VALUES = frozenset({"example", "examples", "enum", "const", "default", "links"})
"""Keys whose content is values, not schemas."""
