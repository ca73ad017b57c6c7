"""The rules of risk of a catalogue file."""

from __future__ import annotations

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.catalogue.translations import untranslated
from ostiary.domain.errors import CatalogueInvalid

PRODUCTS = "products: {cards: {name: Cards}, accounts: {name: Accounts}}\n"
RISK = """risk:
  - {class: high, name: {en: Lives abroad, es: Vive fuera}, when: "country in ['IRN', 'PRK']"}
  - {class: high, name: On a list, when: "screening != 'clear'"}
  - {class: low, name: Only cards, when: "product == 'cards' && age > 60"}
"""


def parsed(more: str, *, is_kept: bool = False) -> Catalogue:
    return catalogue_file.parse(PRODUCTS + more, "mine.yaml", is_kept=is_kept)


def test_rules_are_read_in_their_order_and_can_be_asked() -> None:
    rules = parsed(RISK).risk
    assert [(rule.risk_class, rule.name, rule.reads_lists) for rule in rules] == [
        (RiskClass.HIGH, "Lives abroad", False),
        (RiskClass.HIGH, "On a list", True),
        (RiskClass.LOW, "Only cards", False),
    ]
    abroad, listed, cards = (rule.condition.holds for rule in rules)
    assert (abroad({"country": "IRN"}), abroad({"country": "ARG"})) == (True, False)
    assert (listed({"screening": "open"}), listed({"screening": "clear"})) == (True, False)
    assert (cards({"product": "cards", "age": 61}), cards({"product": "accounts", "age": 61})) == (True, False)


def test_a_catalogue_without_rules_has_the_version_of_before_and_each_rule_makes_another() -> None:
    lines = RISK.splitlines(keepends=True)
    versions = [parsed("").version, *(parsed("".join(lines[:count])).version for count in (2, 3, 4))]
    assert len(set(versions)) == len(versions)
    assert parsed("").version == "fb670ed85ba820964ecf29da8d94751e"
    assert parsed(RISK.replace("low", "standard")).version not in versions


def test_a_name_that_lacks_a_language_is_said() -> None:
    assert "risk.1.name" in untranslated(parsed(RISK))["es"]


@pytest.mark.parametrize(("line", "code", "words"), [
    ("{name: A, when: age > 60}", "missing_key", "needs 'class'"),
    ("{class: high, when: age > 60}", "missing_key", "needs 'name'"),
    ("{class: high, name: A}", "missing_key", "needs 'when'"),
    ("{class: higher, name: A, when: age > 60}", "unknown_choice", "did you mean 'high'?"),
    ("{class: high, name: A, when: age > 60, if: x}", "unknown_key", "known are"),
    ("{class: high, name: A, when: 'product == \"card\"'}", "condition_never", "did you mean 'cards'?"),
    ("{class: high, name: A, when: 'screening == \"hit\"'}", "condition_never", "known are: clear, open, confirmed"),
    ("{class: high, name: A, when: agee > 60}", "condition_invalid", "did you mean age?"),
    ("high", "wrong_type", "must be a mapping"),
])  # fmt: skip
def test_what_a_rule_cannot_be_is_a_fault_at_its_place(line: str, code: str, words: str) -> None:
    with pytest.raises(CatalogueInvalid) as caught:
        parsed(f"risk:\n  - {line}\n")
    assert {fault.code for fault in caught.value.faults} == {code}
    assert words in caught.value.faults[0].message
    assert caught.value.faults[0].field.startswith("mine.yaml:3:")


def test_an_attribute_that_is_called_as_what_rules_read_is_a_fault_only_beside_rules() -> None:
    declared = "attributes: {product: {name: Product, type: STRING}}\n"
    assert "product" in parsed(declared).attributes
    with pytest.raises(CatalogueInvalid, match="call the attribute otherwise"):
        parsed(declared + RISK)
    assert len(parsed(declared + RISK, is_kept=True).risk) == 3


def test_rules_beyond_what_is_tried_at_each_look_are_refused_and_without_products_none_is_read() -> None:
    many = "risk:\n" + "  - {class: high, name: A, when: age > 60}\n" * 101
    with pytest.raises(CatalogueInvalid, match="at most 100 rules"):
        parsed(many)
    with pytest.raises(CatalogueInvalid, match="needs at least one product"):
        catalogue_file.parse("products: {}\n" + RISK, "mine.yaml")
