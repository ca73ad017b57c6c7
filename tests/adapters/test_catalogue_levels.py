"""Levels of products in a catalogue: both words or none, each level once, and nothing that could never be had."""

from __future__ import annotations

import pytest

from ostiary.adapters.config.catalogue_file import parse
from ostiary.adapters.config.lifecycle.levels import HIGHEST_LEVEL
from ostiary.domain.catalogue_changes.changes import ChangeKind
from ostiary.domain.catalogue_changes.product_changes import changes_of
from ostiary.domain.errors import CatalogueInvalid


def products(**declared: str) -> str:
    return "products:\n" + "".join(f"  {key}: {{name: A, {rest}}}\n" for key, rest in declared.items())


def test_products_of_one_family_are_levels_of_it() -> None:
    catalogue = parse(products(basic="family: cards, level: 1", gold="family: cards, level: 2"), "mine")
    assert {each.id: (each.family, each.level) for each in catalogue.products.values()} == {
        "basic": ("cards", 1),
        "gold": ("cards", 2),
    }
    other = parse(products(basic="family: cards, level: 1", gold="family: cards, level: 3"), "mine")
    assert other.version != catalogue.version


FAULTY_LEVELS = [
    (products(basic="family: cards"), "level_incomplete", "'family' says nothing without 'level'"),
    (products(basic="level: 1"), "level_incomplete", "'level' says nothing without 'family'"),
    (products(basic="family: Cards, level: 1"), "bad_id", "lower-case letters"),
    (products(basic="family: cards, level: 0"), "wrong_number", f"from 1 to {HIGHEST_LEVEL}"),
    (
        products(basic="family: cards, level: 1", gold="family: cards, level: 1"),
        "level_taken",
        "'basic' is level 1 of 'cards' already",
    ),
    (
        products(basic="family: cards, level: 1, needs: [gold]", gold="family: cards, level: 2"),
        "needs_circular",
        "needs a higher level of its own family, with which it cannot be had: basic needs gold",
    ),
    (
        products(basic="family: cards, level: 1, needs: [a]", a="needs: [gold]", gold="family: cards, level: 2"),
        "needs_circular",
        "basic needs a needs gold",
    ),
]


@pytest.mark.parametrize(("source", "code", "words"), FAULTY_LEVELS)
def test_what_says_nothing_or_could_never_be_had_is_a_fault(source: str, code: str, words: str) -> None:
    with pytest.raises(CatalogueInvalid) as refused:
        parse(source, "mine")
    assert [fault.code for fault in refused.value.faults] == [code]
    assert words in str(refused.value)


def test_a_higher_level_may_need_the_lower() -> None:
    source = products(basic="family: cards, level: 1", gold="family: cards, level: 2, needs: [basic]")
    assert parse(source, "mine").products["gold"].needs == ("basic",)


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("minimum_age: 18", "minimum_age: 18, family: cards, level: 2", "2 (cards)"),
        ("family: cards, level: 1", "family: cards, level: 2", "1 (cards)"),
        ("family: cards, level: 1", "minimum_age: 18", "1 (cards)"),
    ],
)
def test_a_level_that_is_another_is_told(was: str, becomes: str, words: str) -> None:
    before, after = (parse(products(basic=rest), "mine").products["basic"] for rest in (was, becomes))
    [change] = [each for each in changes_of(before, after, {}) if each.subject == "level"]
    assert change.kind is ChangeKind.OTHER
    assert words in str(change.words)
