"""A preview works out once what requests miss that are alike: whatever it remembers, it says what is true of each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.adapters.cel.compile import compile_condition
from ostiary.domain.catalogue.catalogue import (
    CONDITION_VARIABLES,
    Alternative,
    Catalogue,
    DataType,
    Product,
    TermsRequirement,
)
from ostiary.domain.catalogue.starts import Affected, Start
from ostiary.domain.catalogue_changes.effects import MoveEffect, missing_of, move_effect
from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.clients.client import Client, value_mark
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Enablement, Status
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.times import DAY_MS
from ostiary.usecases.catalogue.preview import MOST_REMEMBERED, CataloguePreview
from tests.depth import deep
from tests.material import (
    ATTRIBUTES,
    BILL,
    NATIONAL_ID,
    NOW_MS,
    PASSPORT,
    TODAY,
    client,
    document,
    enablement,
    id_at,
    profile,
)
from tests.terms import terms
from tests.unit.test_requirements_properties import products

VARIABLES = {**CONDITION_VARIABLES, **{key: field.data_type for key, field in ATTRIBUTES.items()}}
AS_INTEGER = {**VARIABLES, "salary": DataType.INTEGER}
TEXTS = (
    "country == 'ARG'",
    "country == 'BRA' || age > 30",
    "1.0 / salary > 0.02",
    "salary > 100.0 && country == 'ARG'",
    "occupation == 'Teacher'",
    "country.size() > 3 && [1][age] == 1",
)
"""The last cannot be evaluated for anybody older than 0 whose country has a name of four letters: for nobody."""
compiled = st.sampled_from([None, *(compile_condition(text, VARIABLES) for text in (*TEXTS, "[1][age] == 1"))])
some = st.booleans()
OTHER_PASSPORT = replace(PASSPORT, issuing_countries=frozenset({"BRA"}))
STARTS = st.none() | st.builds(
    Start, st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days)), st.sampled_from(Affected)
)
SALARIES = (None, 0, 0.0, -0.0, False, 1, 1.0, True, 99.0, 101.0)
"""Of which some are equal for Python, and not for a condition."""
MANY = 120
VERSIONS = ("v1", "v2", "v3")
TERMS = (terms(), terms("v2", {"en": "You may not.\n"}))


@st.composite
def catalogues(draw: st.DrawFn, version: str) -> Catalogue:
    """Of `invented` and `accounts`, with conditions, days on which entries start, terms, and products that are needed.
    The last version declares what others do, and means something else by it."""
    product: Product = draw(products(compiled))
    data = tuple(
        replace(each, fields=tuple(replace(field, start=draw(STARTS)) for field in each.fields), start=draw(STARTS))
        for each in product.data
    )
    documents = tuple(replace(each, start=draw(STARTS)) for each in product.documents)
    declared = dict(ATTRIBUTES)
    if version == VERSIONS[-1]:
        declared["salary"] = replace(declared["salary"], data_type=DataType.STRING)
        documents = tuple(replace(each, alternatives=tuple(map(_stricter, each.alternatives))) for each in documents)
    asked = st.sampled_from(TERMS).flatmap(
        lambda each: st.builds(TermsRequirement, st.just(each), compiled, st.sampled_from([None, TODAY, _TOMORROW]))
    )
    invented = replace(
        product,
        documents=documents,
        data=data,
        needs=draw(st.sampled_from([(), (), ("accounts",)])),
        terms=tuple(draw(st.lists(asked, max_size=1))),
    )
    kinds = {kind.id: kind for kind in (PASSPORT, NATIONAL_ID, BILL)}
    accounts = replace(invented, id="accounts", needs=(), data=(), family="accounts", level=1)
    premium = replace(accounts, id="premium", level=draw(st.sampled_from([1, 2])))
    offered = {each.id: each for each in (invented, accounts, premium)}
    if version == VERSIONS[1] and draw(some):
        del offered["premium"]
    return Catalogue(version, "", offered, declared, kinds)


_TOMORROW = TODAY + timedelta(days=1)


def _stricter(alternative: Alternative) -> Alternative:
    is_passport = alternative.document_type.id == PASSPORT.id
    return replace(alternative, document_type=OTHER_PASSPORT) if is_passport else alternative


def population(seed: int) -> list[Dossier]:
    """Clients who gave this and not that, with one request or two, documents those and these: many are alike."""
    draw = random.Random(seed)
    return [_dossier(draw, number) for number in range(MANY)]


def _dossier(draw: random.Random, at: int) -> Dossier:
    requests = tuple(
        enablement(
            draw.choice(list(Status)),
            id=id_at(at * 10 + number),
            product=product,
            catalogue_version=draw.choice((VERSIONS[0], VERSIONS[2], VERSIONS[1])),
            created_at_ms=NOW_MS - draw.randint(0, 4) * DAY_MS,
            updated_at_ms=NOW_MS + draw.choice([0, 2, DAY_MS]),
        )
        for number, product in enumerate(
            draw.choice([("invented",), ("accounts", "invented"), ("premium", "invented")])
        )
    )
    return Dossier(_client(draw), requests, tuple(_documents(draw)))


def _client(draw: random.Random) -> Client:
    given = {"occupation": draw.choice([None, "Teacher", "Cook"]), "salary": draw.choice(SALARIES)}
    person = profile(
        attributes={key: value for key, value in given.items() if value is not None},
        second_name=draw.choice([None, "Julia"]),
        phone_number=draw.choice([None, 1168860622]),
        address={"country": draw.choice(["ARG", "BRA"])},
        birth_date=draw.choice(["1984-11-21", "1984-04-15", "1984-04-16", "2009-01-01", "2026-01-01"]),
    )
    refused = [key for key in ("phone", "occupation", "first_name") if draw.random() < 0.1]
    refusals = tuple(
        replace(reject(Kind.DATA, key, Code.DATA_INVALID, key), subject=value_mark(person, key)) for key in refused
    )
    accepted = tuple(
        AcceptedTerms("rules", each.version, each.texts[0].sha256, "id", NOW_MS, draw.choice([(), ("v1",)]))
        for each in TERMS
        if draw.random() < 0.5
    )
    return client(profile=person, refusals=refusals, accepted=accepted)


def _documents(draw: random.Random) -> Iterator[Document]:
    for ms, kind in enumerate((PASSPORT, NATIONAL_ID, BILL, PASSPORT), 1):
        if draw.random() < 0.4:
            details: dict[str, object] = {"number": "AB1234567", "issuing_country": draw.choice(["ARG", "BRA"])}
            if (days := draw.choice([None, -1, 0, 400])) is not None:
                details["expiration_date"] = str(TODAY + timedelta(days=days))
            status = draw.choice([DocumentStatus.ACCEPTED, DocumentStatus.ACCEPTED, DocumentStatus.REFUSED])
            yield document(kind.id, ms, metadata=details, status=status)


def plainly(offered: dict[str, Catalogue], dossier: Dossier, request: Enablement) -> MoveEffect:
    """What moving one request to the second version comes to, worked out for it alone."""
    moved = replace(request, catalogue_version=VERSIONS[1])
    was, becomes = (missing_of(dossier.assess(each, offered, TODAY)) for each in (request, moved))
    return move_effect(request, was, becomes, ())


offered = st.fixed_dictionaries({version: catalogues(version) for version in VERSIONS})


@settings(max_examples=deep(60, 1_000))
@given(offered, st.integers(0, 1_000), st.sampled_from([1, 3, MOST_REMEMBERED]))
def test_what_is_remembered_of_others_is_true_of_each(offered: dict[str, Catalogue], seed: int, most: int) -> None:
    preview = CataloguePreview(offered, offered[VERSIONS[1]], most)
    for dossier in population(seed):
        effects = {effect.enablement.id: effect for effect in preview.effects(dossier, TODAY)}
        assert list(effects) == [request.id for request in dossier.enablements if request.is_live]
        for request in dossier.enablements:
            is_compared = request.catalogue_version != VERSIONS[1] and request.product in offered[VERSIONS[1]].products
            if request.is_live and is_compared:
                expected, effect = plainly(offered, dossier, request), effects[request.id]
                assert (effect.more, effect.less) == (expected.more, expected.less)
                assert request.status not in OPEN_TO_DOCUMENTS or effect.outcome is expected.outcome
