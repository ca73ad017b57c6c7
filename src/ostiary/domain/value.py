"""Frozen values made in a third of the time: those of which every request makes dozens.

A frozen dataclass sets each attribute through `object.__setattr__`, which looks its name up again; that was a
fourteenth of a small request. `value_type` sets them through their slots; all else stays as in the standard library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")
_SAME = object()
"""Stands for an attribute that is not given."""


@overload
def value_type(cls: type[T], /) -> type[T]:
    """Of a class that is made by position or by names."""


@overload
def value_type(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """With a choice of how it is made."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_type(cls: Any = None, /, *, kw_only: bool = False) -> Any:
    """A frozen dataclass with slots, quicker to make and to `replace`; with `kw_only` it is made by names alone.

    Raises TypeError for one that does more than to take all its attributes.
    """
    if cls is None:
        return lambda kind: _fast(dataclass(frozen=True, slots=True, init=False, kw_only=kw_only)(kind))
    return _fast(dataclass(frozen=True, slots=True, init=False)(cls))


def _fast(cls: type[T]) -> type[T]:
    if hasattr(cls, "__post_init__") or not all(attribute.init for attribute in fields(cls)):  # type: ignore[arg-type]
        raise TypeError(f"{cls.__name__}: only what takes all its attributes, and does nothing else, is made quickly")
    setattr(cls, "__init__", _init(cls))  # noqa: B010 (which a type checker would otherwise see as a method of its own)
    setattr(cls, "_replaced", _replaced_first(cls))  # noqa: B010
    return cls


if TYPE_CHECKING:
    from dataclasses import replace as replace
else:

    def replace(old: T, /, **changes: Any) -> T:
        """The value with some attributes changed. Raises TypeError for unknown ones."""
        return old._replaced(old.__class__.__new__(old.__class__), **changes)


def _init(cls: type) -> Callable[..., None]:
    by_position, by_name, lines, names = ["self"], list[str](), list[str](), _setters(cls)
    for attribute in fields(cls):
        parameter, given = _parameter(attribute, names)
        (by_name if attribute.kw_only else by_position).append(parameter)
        lines.append(f"set_{attribute.name}(self, {given})")
    return _compiled(cls, "__init__", [*by_position, *(["*", *by_name] if by_name else [])], lines, names)


def _parameter(attribute: Field[Any], names: dict[str, Any]) -> tuple[str, str]:
    """An attribute as a parameter, and what it is set to; `names` learns what both refer to."""
    name = attribute.name
    if attribute.default_factory is not MISSING:
        names |= {"_SAME": _SAME, f"make_{name}": attribute.default_factory}
        return f"{name}=_SAME", f"make_{name}() if {name} is _SAME else {name}"
    if attribute.default is not MISSING:
        names[f"default_{name}"] = attribute.default
        return f"{name}=default_{name}", name
    return name, name


def _replaced_first(cls: type) -> Callable[..., Any]:
    """Compiles `_replaced` when it is first wanted: of hundreds of kinds of values a process replaces a few dozen."""

    def first(old: Any, new: Any, **changes: Any) -> Any:
        replaced = _replaced(cls)
        setattr(cls, "_replaced", replaced)  # noqa: B010
        return replaced(old, new, **changes)

    return first


def _replaced(cls: type) -> Callable[..., Any]:
    each = [attribute.name for attribute in fields(cls)]
    lines = [f"set_{name}(new, self.{name} if {name} is _SAME else {name})" for name in each]
    parameters = ["self", "new", "*", *(f"{name}=_SAME" for name in each)]
    return _compiled(cls, "_replaced", parameters, [*lines, "return new"], {**_setters(cls), "_SAME": _SAME})


def _setters(cls: type) -> dict[str, Any]:
    return {f"set_{attribute.name}": getattr(cls, attribute.name).__set__ for attribute in fields(cls)}


def _compiled(
    cls: type, name: str, parameters: list[str], lines: list[str], names: dict[str, Any]
) -> Callable[..., Any]:
    text = f"def {name}({', '.join(parameters)}):\n " + "\n ".join(lines)
    exec(text, names)  # noqa: S102 (made of names of attributes alone, the way the standard library does it)
    function: Callable[..., Any] = names[name]
    function.__qualname__ = f"{cls.__qualname__}.{name}"
    return function
