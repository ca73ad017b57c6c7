"""What differs between invented catalogues: nothing of one from itself, and nobody is asked more unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product as product_of

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.adapters.cel.compile import compile_condition
from ostiary.adapters.config.catalogue_version import version_of
from ostiary.domain.catalogue.catalogue import CONDITION_VARIABLES, Catalogue, DataType, Product
from ostiary.domain.catalogue_changes.changes import CatalogueDifference, ChangeKind
from ostiary.domain.catalogue_changes.difference import difference
from ostiary.domain.clients.client import Client
from ostiary.domain.documents.document import Document
from ostiary.domain.onboarding.requirements import AssessmentInput, assess
from tests.depth import deep
from tests.material import ATTRIBUTES, BILL, NATIONAL_ID, PASSPORT, TODAY, client, document, profile
from tests.unit.test_requirements_properties import missing_documents, missing_keys, products

COUNTRIES = ("ARG", "BRA", "DEU")
VARIABLES = {**CONDITION_VARIABLES, **{key: field.data_type for key, field in ATTRIBUTES.items()}}
TEXTS = (
    "country == 'ARG'",
    "country in ['ARG', 'BRA']",
    "country != 'ARG' && salary > 100.0",
    "country == 'BRA' || age > 30",
    "salary > 100.0",
    "occupation == 'Teacher'",
)
compiled = st.sampled_from([None, None, *(compile_condition(text, VARIABLES) for text in TEXTS)])
FEW = settings(max_examples=deep(60, 400))


def catalogue(product: Product) -> Catalogue:
    kinds = {kind.id: kind for kind in (PASSPORT, NATIONAL_ID, BILL)}
    offered = {product.id: product}
    return Catalogue(version_of(ATTRIBUTES, kinds, offered), "", offered, ATTRIBUTES, kinds)


def between(old: Product, new: Product) -> CatalogueDifference:
    return difference(catalogue(old), catalogue(new), COUNTRIES)


def edited(draw: st.DrawFn, product: Product) -> Product:
    """The same with one condition set or taken away, or one entry taken out."""
    documents, data = list(product.documents), list(product.data)
    part = draw(st.sampled_from(["documents", "data", "fields"]))
    if part == "documents" and documents:
        changed = draw(st.sampled_from([None, replace(documents[0], condition=draw(compiled))]))
        documents[:1] = [] if changed is None else [changed]
    elif part == "data" and data:
        data[0] = replace(data[0], condition=draw(compiled))
    elif data:
        first, *rest = data[0].fields
        changed_field = draw(st.sampled_from([None, replace(first, condition=draw(compiled))]))
        data[0] = replace(data[0], fields=tuple([] if changed_field is None else [changed_field]) + tuple(rest))
    age = draw(st.sampled_from([product.minimum_age, product.minimum_age, None]))
    return replace(product, documents=tuple(documents), data=tuple(data), minimum_age=age)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Product, Product]:
    old = draw(products(compiled))
    return old, edited(draw, old) if draw(st.integers(0, 3)) else draw(products(compiled))


@FEW
@given(products(compiled))
def test_a_catalogue_does_not_differ_from_itself(product: Product) -> None:
    assert between(product, product).is_empty


@FEW
@given(pairs())
def test_two_versions_always_differ_in_something(pair: tuple[Product, Product]) -> None:
    old, new = pair
    assert between(old, new).is_empty is (catalogue(old).version == catalogue(new).version)


@FEW
@given(pairs())
def test_what_is_asked_of_a_country_one_way_is_no_longer_asked_the_other_way(pair: tuple[Product, Product]) -> None:
    opposite = {
        ChangeKind.ASKED: ChangeKind.NO_LONGER_ASKED,
        ChangeKind.NO_LONGER_ASKED: ChangeKind.ASKED,
        ChangeKind.HARDER: ChangeKind.EASIER,
        ChangeKind.EASIER: ChangeKind.HARDER,
    }
    there, back = (
        {
            (country, opposite.get(change.kind, change.kind) if turned else change.kind, change.subject)
            for product in whole.products
            for change in product.changes
            for country in change.countries or COUNTRIES
        }
        for turned, whole in ((True, between(*pair)), (False, between(*reversed(pair))))
    )
    assert there == back


def population() -> Iterator[tuple[Client, tuple[Document, ...]]]:
    """Clients who gave this and not that, from every country and of two ages, with these documents and those."""
    every = product_of(
        COUNTRIES, [None, "Teacher"], [None, "99.0", "101.0"], [None, 1168860622], ["1984-11-21", "2009-01-01"]
    )
    for number, (country, occupation, salary, phone, born) in enumerate(every):
        given = {"occupation": occupation, "salary": salary}
        attributes = {key: value for key, value in given.items() if value is not None}
        person = profile(address={"country": country}, attributes=attributes, phone_number=phone, birth_date=born)
        kinds = (PASSPORT, NATIONAL_ID, BILL)
        sent = tuple(document(kind.id, ms) for ms, kind in enumerate(kinds, 1) if number >> ms & 1)
        yield client(profile=person), sent


POPULATION = tuple(population())


@FEW
@given(pairs())
def test_nobody_is_asked_more_when_the_difference_says_so(pair: tuple[Product, Product]) -> None:
    old, new = pair
    changes = [change for product in between(old, new).products for change in product.changes if change.asks_more]
    concerned = {country for change in changes for country in change.countries or COUNTRIES}
    for who, documents in POPULATION:
        if who.profile.address.country not in concerned:
            assert asked(new, who, documents) <= asked(old, who, documents), who.profile


def asked(product: Product, who: Client, documents: tuple[Document, ...]) -> set[str]:
    assessment = assess(AssessmentInput(product, ATTRIBUTES, who, documents, TODAY))
    return missing_documents(assessment) | set(missing_keys(assessment))


@pytest.mark.parametrize(("text", "country", "holds"), [
    ("country == 'ARG' && age < 18", "BRA", False),
    ("age < 18 && country == 'ARG'", "BRA", False),
    ("country == 'ARG' && age < 18", "ARG", None),
    ("salary > 1.0 || country in ['ARG']", "ARG", True),
    ("!(country == 'ARG') || occupation == 'Clerk'", "ARG", None),
    ("country == 'ARG' ? age > 3 : false", "BRA", False),
    ("country.matches('A.*')", "ARG", True),
])  # fmt: skip
def test_a_country_decides_a_condition_as_far_as_it_can(text: str, country: str, holds: bool | None) -> None:
    assert compile_condition(text, VARIABLES).partly({"country": country}) is holds


def test_a_condition_that_fails_for_what_is_known_is_not_decided() -> None:
    condition = compile_condition("int(country) > 3 || age > 3", {**VARIABLES, "age": DataType.INTEGER})
    assert condition.partly({"country": "ARG"}) is None
    assert condition.partly({"country": "ARG", "age": 4}) is True
