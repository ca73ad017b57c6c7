"""Which attributes of kept values are other than by default: those that would be missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass


def differing(*values: object) -> dict[type, set[str]]:
    """Names of attributes by class, all the way down."""
    met: dict[type, set[str]] = {}
    for value in values:
        _meet(value, met)
    return met


def _meet(value: object, met: dict[type, set[str]]) -> None:
    if isinstance(value, tuple | Mapping):
        for part in value.values() if isinstance(value, Mapping) else value:
            _meet(part, met)
    if not is_dataclass(value) or isinstance(value, type):
        return
    for part in fields(value):
        default = part.default if part.default_factory is MISSING else part.default_factory()
        if getattr(value, part.name) != default:
            met.setdefault(type(value), set()).add(part.name)
        _meet(getattr(value, part.name), met)
