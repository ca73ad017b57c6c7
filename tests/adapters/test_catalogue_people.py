"""What a catalogue says of how many people a decision takes, and what may be set aside."""

from __future__ import annotations

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.domain.catalogue.catalogue import Eyes, Override, Product
from ostiary.domain.errors import CatalogueInvalid
from tests.adapters.test_catalogue_file import SHORT


def product(more: str = "") -> Product:
    [only] = catalogue_file.parse(SHORT + more, "mine.yaml").products.values()
    return only


def test_a_product_that_says_nothing_asks_for_one_person_and_sets_nothing_aside() -> None:
    assert (product().four_eyes, product().override) == (frozenset(), frozenset())


def test_every_kind_of_decision_can_be_named() -> None:
    declared = product(f"    four_eyes: [{', '.join(Eyes)}]\n    override: [confirmed_hit]\n")
    assert (declared.four_eyes, declared.override) == (frozenset(Eyes), frozenset(Override))


@pytest.mark.parametrize(("line", "place", "code", "words"), [
    ("four_eyes: [aprove]", "1:41", "unknown_choice", "did you mean 'approve'?"),
    ("four_eyes: [decide]", "1:41", "unknown_choice", "approve, approve_with_hit, approve_against_doubt, override"),
    ("four_eyes: [reject, reject]", "1:49", "duplicate_item", "keep one"),
    ("four_eyes: approve", "1:40", "wrong_type", "must be a list"),
    ("override: [open_hit]", "1:40", "unknown_choice", "not one of confirmed_hit"),
])  # fmt: skip
def test_a_word_that_is_none_is_refused_with_what_is_possible(line: str, place: str, code: str, words: str) -> None:
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue_file.parse(f"products: {{cards: {{name: A, {line}}}}}", "mine.yaml")
    [fault] = caught.value.faults
    assert (fault.field, fault.code) == (f"mine.yaml:{place}", code)
    assert words in fault.message


def test_each_choice_has_a_version_of_its_own_and_none_the_version_of_before() -> None:
    lines = ("", "    four_eyes: [approve]\n", "    four_eyes: [approve, reject]\n", "    override: [confirmed_hit]\n")
    versions = [catalogue_file.parse(SHORT + line, "mine.yaml").version for line in lines]
    assert len(set(versions)) == len(lines)
    assert catalogue_file.parse(SHORT + "    four_eyes: [reject, approve]\n", "mine.yaml").version == versions[2]
