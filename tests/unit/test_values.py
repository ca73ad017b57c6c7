"""`value_type` makes what a frozen dataclass makes, only sooner."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any

import msgspec
import pytest

from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.value import replace, value_type


@value_type
class Point:
    x: int
    y: int = 2
    names: list[str] = field(default_factory=list)
    hidden: str = field(default="h", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Plain:
    x: int
    y: int = 2
    names: list[str] = field(default_factory=list)
    hidden: str = field(default="h", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainNamed:
    x: int = 7
    y: int


@value_type(kw_only=True)
class Named:
    x: int = 7
    y: int


def both(*given: Any, **named: Any) -> tuple[Point, Plain]:
    return Point(*given, **named), Plain(*given, **named)


@pytest.mark.parametrize(
    ("given", "named"),
    [((1,), {}), ((1, 5), {}), ((), {"x": 1, "y": 7}), ((1, 5, ["a"]), {"hidden": "z"}), ((None,), {"names": None})],
)
def test_it_holds_and_shows_what_a_dataclass_does(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    point, plain = both(*given, **named)
    assert dataclasses.astuple(point) == dataclasses.astuple(plain)
    assert repr(point) == repr(plain).replace("Plain", "Point")


@pytest.mark.parametrize(
    ("given", "named", "says"),
    [
        ((), {}, "missing 1 required positional argument: 'x'"),
        ((1, 2, [], "h", 5), {}, "takes from 2 to 5 positional arguments but 6 were given"),
        ((1,), {"z": 1}, "unexpected keyword argument 'z'"),
        ((1,), {"x": 1}, "multiple values for argument 'x'"),
    ],
)
def test_what_does_not_fit_is_refused_in_the_same_words(
    given: tuple[Any, ...], named: dict[str, Any], says: str
) -> None:
    for kind in (Point, Plain):
        with pytest.raises(TypeError, match=says):
            kind(*given, **named)


def test_what_is_made_by_names_alone() -> None:
    named, plain = Named(y=1), PlainNamed(y=1)
    assert dataclasses.astuple(named) == dataclasses.astuple(plain) == (7, 1)
    assert replace(named, x=2) == Named(x=2, y=1)
    for kind in (Named, PlainNamed):
        with pytest.raises(TypeError, match="positional argument"):
            kind(1, 2)  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'y'"):
            kind(x=1)  # type: ignore[call-arg]


def test_a_default_that_is_made_is_made_for_each() -> None:
    first, second = Point(1), Point(1)
    first.names.append("a")
    assert second.names == []


def test_it_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del Point(1).x
    with pytest.raises((AttributeError, TypeError)):
        Point(1).z = 2  # type: ignore[attr-defined]


def test_equal_ones_are_equal_and_what_does_not_compare_does_not_count() -> None:
    assert Point(1, 3) == Point(1, 3, hidden="other")
    assert Point(1, 3) != Point(1, 4)


def test_one_with_changes_leaves_the_first_as_it_was() -> None:
    before = Point(1, 3, ["a"], "secret")
    after = replace(before, y=9)
    assert (after.x, after.y, after.names, after.hidden) == (1, 9, ["a"], "secret")
    assert (before.y, after.names is before.names) == (3, True)
    assert replace(before) == before
    assert replace(before, names=None).names is None  # type: ignore[arg-type]


def test_a_change_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        replace(Point(1), z=1)  # type: ignore[call-arg]


def test_the_domains_own_values_are_replaced_as_the_standard_library_does_it() -> None:
    enablement = Enablement("e", "c", "k", "cards", "v1", Status.IN_KYC, 1, 2, rejection_description="because")
    for changes in ({}, {"status": Status.ENABLED}, {"review_since_ms": 5, "private_note": "n"}):
        assert replace(enablement, **changes) == dataclasses.replace(enablement, **changes)


def test_it_is_copied_pickled_and_encoded_like_any() -> None:
    point = Point(1, 3, ["a"], "z")
    for again in (copy.copy(point), copy.deepcopy(point), pickle.loads(pickle.dumps(point))):  # noqa: S301 (its own)
        assert dataclasses.astuple(again) == dataclasses.astuple(point)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(point), type=Point) == point


def test_a_class_that_does_more_when_made_is_refused() -> None:
    class Checked:
        x: int

        def __post_init__(self) -> None:
            raise AssertionError

    class Filled:
        x: int
        y: int = field(init=False, default=1)

    for kind in (Checked, Filled):
        with pytest.raises(TypeError, match=f"{kind.__name__}: only what takes all its attributes"):
            value_type(kind)
