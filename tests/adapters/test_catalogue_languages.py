"""Texts in several languages in the catalogue file: where they may stand, what is wrong with one, what lacks one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue.texts import others_of
from ostiary.domain.catalogue.translations import untranslated
from ostiary.domain.errors import CatalogueInvalid
from tests.adapters.test_catalogue_file import PRODUCT, SHORT

MANY = """\
attributes:
  purpose:
    name: {en: Purpose, es: Finalidad}
    type: ENUM
    description: {en: What for, es: Para qué}
    options:
      save: {en: To save, es: Ahorrar}
      spend: To spend
document_types:
  passport:
    name: {en: Passport, es: Pasaporte}
    description: {en: The page, es: La página}
    metadata:
      number: {name: {en: Number, es: Número}, type: STRING, description: {en: As printed, es: Como figura}}
products:
  cards:
    name: {en: Cards, es: Tarjetas}
    description: {en: A card, es: Una tarjeta}
    documents:
      identity: {name: {en: Identity, es: Identidad}, description: {en: Who, es: Quién}, one_of: [passport]}
    data:
      more: {name: {en: More, es: Más}, description: {en: Rest, es: Resto}, fields: [purpose]}
"""
FAULTY = [
    # what the name of an attribute is, column, code, part of the message
    ("{en: Job, es: ' '}", "29", "wrong_length", "must have 1 to 500 characters; it has 0"),
    ("{en: '', es: Trabajo}", "20", "wrong_length", "it has 0"),
    ("{en: Job, es: 12}", "29", "wrong_type", "must be a text; put it in quotes"),
    ("{en: Job, es: [a]}", "29", "wrong_type", "must be a text"),
    ("{es: Trabajo}", "15", "missing_key", "needs 'en'"),
    ("{}", "15", "missing_key", "needs 'en'"),
    ("{en: Job, ES: Trabajo}", "25", "unknown_language", "unknown language 'ES'; did you mean 'es'?"),
    ("{en: Job, fr: Travail}", "25", "unknown_language", "known are: en, es, pt"),
    ("{en: Job, es: A, es: B}", "32", "duplicate_key", "already given in line 3"),
    ("{en: Job, no: Jobb}", "25", "wrong_type", "in quotes"),
]


def parsed(source: str) -> Catalogue:
    return catalogue_file.parse(source, "mine.yaml")


@pytest.mark.parametrize(("name", "column", "code", "message"), FAULTY)
def test_a_fault_of_a_text_in_several_languages_is_told_with_its_place(
    name: str, column: str, code: str, message: str
) -> None:
    with pytest.raises(CatalogueInvalid) as caught:
        parsed(f"{PRODUCT}attributes:\n  job: {{name: {name}, type: STRING}}\n")
    (fault,) = caught.value.faults
    assert message in fault.message
    assert (fault.field, fault.code) == (f"mine.yaml:3:{column}", code)


@pytest.mark.parametrize(("options", "code", "message"), [
    ("{}", "wrong_type", "at least one option"),
    ("{a: ''}", "wrong_length", "it has 0"),
    ("{a: {es: A}}", "missing_key", "needs 'en'"),
    ("{'': A}", "wrong_length", "it has 0"),
    ("{a: A, a: B}", "duplicate_key", "already given"),
])  # fmt: skip
def test_a_fault_of_named_options_is_told(options: str, code: str, message: str) -> None:
    with pytest.raises(CatalogueInvalid) as caught:
        parsed(f"{PRODUCT}attributes:\n  job: {{name: Job, type: ENUM, options: {options}}}\n")
    assert [(fault.code, message in fault.message) for fault in caught.value.faults] == [(code, True)]


def test_every_text_for_people_may_be_in_several_languages() -> None:
    catalogue = parsed(MANY)
    purpose, passport = catalogue.attributes["purpose"], catalogue.document_types["passport"]
    cards = catalogue.products["cards"]
    (number,), (identity,), (more,) = passport.metadata, cards.documents, cards.data
    declared = (purpose, passport, number, cards, identity, more)
    names = "Finalidad Pasaporte Número Tarjetas Identidad Más"
    descriptions = "Para qué, La página, Como figura, Una tarjeta, Quién, Resto"
    assert " ".join(others_of(each.name)["es"] for each in declared) == names
    assert ", ".join(others_of(each.description)["es"] for each in declared) == descriptions
    assert purpose.options == ("save", "spend")
    assert [dict(others_of(name)) for name in purpose.option_names] == [{"es": "Ahorrar"}, {}]
    assert untranslated(catalogue) == {"es": ("attributes.purpose.options.spend",)}


@pytest.mark.parametrize(("source", "expected"), [
    (SHORT, {}),
    (SHORT.replace("{name: Visa}", "{name: {en: Visa}}"), {}),
    (
        SHORT.replace("name: Cards", "name: {en: Cards, pt: Cartões}\n    description: A card"),
        {"pt": ("attributes.purpose.name", "attributes.salary.name", "document_types.passport.name",
                "document_types.visa.name", "products.cards.description")},
    ),
    (MANY.replace("es: Más", "es: Más, pt: Mais").replace("spend: To spend", "spend: {en: S, es: G}"), {"pt": 13}),
])  # fmt: skip
def test_what_lacks_a_language_that_others_have_is_listed(source: str, expected: Mapping[str, object]) -> None:
    lacking = untranslated(parsed(source))
    assert {
        tag: len(places) if isinstance(expected[tag], int) else places for tag, places in lacking.items()
    } == expected


def test_the_version_changes_with_a_translation_and_not_with_how_english_is_written() -> None:
    alone = SHORT.replace("{name: Visa}", "{name: {en: Visa}}")
    spanish = SHORT.replace("{name: Visa}", "{name: {en: Visa, es: Visado}}")
    turned = SHORT.replace("{name: Visa}", "{name: {es: Visado, en: Visa}}")
    other = SHORT.replace("{name: Visa}", "{name: {en: Visa, pt: Visado}}")
    named = SHORT.replace("[save, spend]", "{save: Save, spend: Spend}")
    assert parsed(alone).version == parsed(SHORT).version
    assert parsed(spanish).version == parsed(turned).version
    assert len({parsed(source).version for source in (SHORT, spanish, other, named)}) == 4
