"""The catalogue's values, and what the one that ships asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.catalogue.catalogue import (
    BUILT_IN_ATTRIBUTES,
    CONDITION_VARIABLES,
    Alternative,
    DataField,
    DataType,
    Policy,
    Product,
)
from ostiary.domain.mrz.zone import Format
from tests.material import ACCOUNTS, ADDRESS, CARDS, IDENTITY, IN_ARGENTINA, OCCUPATION, PASSPORT, PERSONAL, shipped


@pytest.mark.parametrize(
    ("document_type", "requirement"), [("passport", IDENTITY), ("utility_bill", ADDRESS), ("moon_stone", None)]
)
def test_a_type_serves_one_requirement_of_a_product(document_type: str, requirement: object) -> None:
    assert ACCOUNTS.requirement_for(document_type) is requirement


def test_a_requirement_accepts_its_alternatives() -> None:
    assert IDENTITY.accepts("national_id")
    assert not IDENTITY.accepts("utility_bill")
    assert [document_type.id for document_type in CARDS.document_types()] == ["passport", "national_id"]


@pytest.mark.parametrize(
    ("changes", "is_conditional"),
    [
        ({}, False),
        ({"documents": (ADDRESS, replace(IDENTITY, condition=IN_ARGENTINA))}, True),
        ({"documents": (replace(IDENTITY, alternatives=(Alternative(PASSPORT, IN_ARGENTINA),)),)}, True),
        ({"data": (replace(PERSONAL, condition=IN_ARGENTINA),)}, True),
        ({"data": (replace(PERSONAL, fields=(DataField("occupation", OCCUPATION, IN_ARGENTINA),)),)}, True),
    ],
    ids=["none", "a document's", "an alternative's", "a group's", "a detail's"],
)
def test_a_product_says_whether_conditions_decide_what_it_asks_for(
    changes: dict[str, Any], is_conditional: bool
) -> None:
    plain = Product(id="plain", name="Plain", description="", documents=(IDENTITY,), data=(PERSONAL,))
    assert replace(plain, **changes).is_conditional is is_conditional


def test_the_data_types_are_the_documented_ones() -> None:
    documented = "STRING INTEGER DECIMAL BOOLEAN DATE PHONE EMAIL COUNTRY ENUM TAX_ID"
    assert [data_type.value for data_type in DataType] == documented.split()


def test_what_every_client_may_have_and_conditions_may_read() -> None:
    assert set(BUILT_IN_ATTRIBUTES) == {"second_name", "phone", "state", "postal_code"}
    assert set(CONDITION_VARIABLES) == {"country", "age", "state"}


def test_the_shipped_catalogue_asks_for_what_its_text_says() -> None:
    products = shipped().products
    assert set(products) == {"cards_individuals", "accounts_individuals"}
    assert [document.id for document in products["cards_individuals"].documents] == ["identity_document"]
    assert products["accounts_individuals"].minimum_age == 18
    assert {document_type for document_type, kind in shipped().document_types.items() if kind.unique} == {
        "passport",
        "national_id",
        "drivers_license",
    }


def test_the_shipped_catalogue_decides_about_cards_alone_and_has_accounts_confirmed() -> None:
    policies = {product_id: product.policy for product_id, product in shipped().products.items()}
    assert policies == {"cards_individuals": Policy.AUTO, "accounts_individuals": Policy.ASSISTED}


def test_the_shipped_catalogue_names_the_forms_that_are_read() -> None:
    kinds = shipped().document_types
    assert {document_type: kind.machine_readable for document_type, kind in kinds.items() if kind.machine_readable} == {
        "passport": {Format.TD3},
        "national_id": {
            Format.TD1,
            Format.TD2,
            Format.FRENCH_ID,
            Format.ARGENTINE_DNI,
            Format.COLOMBIAN_CEDULA,
        },
        "drivers_license": {Format.AAMVA, Format.TD1, Format.LICENCE, Format.DUTCH_LICENCE},
    }
    assert {document_type for document_type, kind in kinds.items() if kind.always_machine_readable} == {"passport"}
