"""What a reader of the OpenAPI document could take for granted, said, since many generators of clients do not."""

from __future__ import annotations

from typing import Any


def explicit(described: Any) -> Any:
    """The same document: integers with their size, arrays with their items, free objects as such."""
    if isinstance(described, list):
        return [explicit(one) for one in described]
    if not isinstance(described, dict):
        return described
    said = {name: value if name in _VALUES else explicit(value) for name, value in described.items()}
    kinds = said.get("type", ())
    if isinstance(kinds, str):
        kinds = [kinds]
    if not isinstance(kinds, list):
        return said  # a property that is called so
    if "integer" in kinds:
        said.setdefault("format", "int64")
    if "array" in kinds:
        said.setdefault("items", {})
    if "object" in kinds and not {"properties", "allOf"} & said.keys():
        said.setdefault("additionalProperties", True)
    return said


_VALUES = frozenset({"example", "examples", "enum", "const", "default", "links"})
"""What holds values, not descriptions."""
