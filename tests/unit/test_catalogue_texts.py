"""Texts of a catalogue in several languages: plain English everywhere, and themselves where a language is asked for."""

from __future__ import annotations

import pytest

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.catalogue.texts import catalogue_text, in_language, others_of
from ostiary.domain.sentences import sentence
from ostiary.languages.language import Languages
from tests.material import shipped

PASSPORT = catalogue_text("Passport", {"es": "Pasaporte"})


@pytest.mark.parametrize(("text", "tag", "wording"), [
    (PASSPORT, "en", "Passport"),
    (PASSPORT, "es", "Pasaporte"),
    (PASSPORT, "pt", "Passport"),
    ("Passport", "es", "Passport"),
])  # fmt: skip
def test_a_text_is_spoken_in_a_language_or_else_in_english(text: str, tag: str, wording: str) -> None:
    assert in_language(text, tag) == wording
    assert type(in_language(text, tag)) is str


def test_a_text_with_translations_is_its_english_words_everywhere_else() -> None:
    assert PASSPORT == "Passport"
    assert f"{PASSPORT}s" == "Passports"
    assert dict(others_of(PASSPORT)) == {"es": "Pasaporte"}
    assert dict(others_of("Passport")) == {}


def test_a_text_without_translations_is_a_plain_one() -> None:
    assert type(catalogue_text("Passport", {})) is str


def test_an_option_is_called_by_its_name_or_by_its_words() -> None:
    plain = Field("purpose", "Purpose", DataType.ENUM, options=("everyday_spending", "other"))
    named = Field("purpose", "Purpose", DataType.ENUM, options=("a", "b"), option_names=("First", PASSPORT))
    assert [plain.option_name(option) for option in plain.options] == ["everyday spending", "other"]
    assert [named.option_name(option) for option in (*named.options, "gone")] == ["First", "Passport", "gone"]


def test_a_name_is_looked_up_only_where_its_author_gave_it() -> None:
    """`Queue` is a text of ours, with a translation; a product of that name is not."""
    spanish = Languages()["es"]
    assert spanish.pattern("Queue") != "Queue"
    assert spanish.named("Queue") == "Queue"
    assert spanish.named(PASSPORT) == "Pasaporte"
    assert spanish.named(sentence("Second name")) == "Segundo nombre"
    assert spanish.translated(sentence("%(detail)s is missing.", detail=PASSPORT)) == "Falta Pasaporte."


def test_everything_that_ships_is_there_in_every_language() -> None:
    catalogue = shipped()
    products = [in_language(product.name, "es") for product in catalogue.products.values()]
    assert products == ["Tarjetas", "Cuentas"]
    assert in_language(catalogue.attributes["account_purpose"].option_name("savings"), "pt") == "Poupança"
