"""What spoke against who a client said to be is remembered, and what was changed to fit it is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.clients.client import Client
from ostiary.domain.clients.contradictions import MOST_KEPT, Aspect
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.verification.identity import (
    changed_since,
    contradicted_aspects,
    contradicted_rules,
    with_clash,
    with_objected,
    with_read,
)
from tests.material import NOW_MS, client, document, profile

NAME = {"first_name": "Juan", "second_name": None, "last_name": "Perez"}


def judged(**results: Result) -> Judgement:
    return Judgement(
        ReadingOutcome.RETURN, tuple(RuleEvidence(rule, result, "given", "read") for rule, result in results.items())
    )


def read(client: Client, **results: Result) -> Client:
    return with_read(client, [document(judgement=judged(**results)), document(ms=20)], NOW_MS)


def renamed(client: Client, **changes: Any) -> Client:
    return replace(client, profile=profile(**changes))


DIFFERS, DOUBTFUL, AGREES = Result.DIFFERS, Result.DOUBTFUL, Result.AGREES


@pytest.mark.parametrize(
    ("results", "aspects"),
    [
        ({"last_name": DIFFERS}, [Aspect.NAME]),
        ({"last_name": DIFFERS, "birth_date": DIFFERS}, [Aspect.NAME, Aspect.BIRTH_DATE]),
        ({"first_name": DOUBTFUL}, [Aspect.NAME]),
        ({"birth_date": AGREES, "first_name": AGREES}, []),
        ({"number": DIFFERS, "issuing_country": DIFFERS}, []),
    ],
)
def test_what_a_document_does_not_confirm_is_kept(results: dict[str, Result], aspects: list[Aspect]) -> None:
    contradictions = read(client(), **results).contradictions
    assert [each.aspect for each in contradictions] == aspects
    assert all((each.document_id, each.at_ms, each.read) == (document().id, NOW_MS, "read") for each in contradictions)


@pytest.mark.parametrize(
    ("against", "change", "is_changed"),
    [
        ({"last_name": DIFFERS}, {}, False),
        ({"last_name": DIFFERS}, {"birth_date": "1990-01-01"}, False),
        ({"last_name": DIFFERS}, NAME, True),
        ({"last_name": DIFFERS}, {"first_name": "Mary"}, True),
        ({"first_name": DIFFERS}, {"second_name": None}, True),
        ({"last_name": DIFFERS}, {"first_name": "MARIA "}, False),
        ({"birth_date": DIFFERS}, {"birth_date": "1990-01-01"}, True),
        ({"birth_date": DOUBTFUL}, {"birth_date": "1990-01-01"}, True),
        ({"birth_date": DIFFERS}, NAME, False),
    ],
)
def test_what_was_changed_to_fit_is_found(against: dict[str, Result], change: dict[str, Any], is_changed: bool) -> None:
    assert bool(changed_since(renamed(read(client(), **against), **change))) is is_changed


def test_changing_in_steps_or_there_and_back_hides_nothing() -> None:
    """Whatever is said now: one of two names was not it."""
    first = read(client(), last_name=DIFFERS)
    second = read(renamed(first, first_name="Juan"), last_name=DIFFERS)
    for now in ({}, {"first_name": "Juan"}, NAME):
        assert changed_since(renamed(second, **now))
    assert not changed_since(renamed(first)), "with one document, what was said first may still be so"


def test_what_was_said_first_is_never_pushed_out() -> None:
    maria = client()
    for number in range(MOST_KEPT + 5):
        maria = read(renamed(maria, first_name=f"Name {number}"), last_name=DIFFERS)
    assert len(maria.contradictions) == MOST_KEPT
    assert maria.contradictions[0].given == "Name 0 Julia Barber"
    assert read(maria, last_name=DIFFERS) is maria, "nor is anything kept twice"


def about(code: Code, key: str = "passport", kind: Kind = Kind.DOCUMENT) -> Rejection:
    return reject(kind, key, code, "field")


@pytest.mark.parametrize(
    ("rejections", "aspects", "expected"),
    [
        ([about(Code.NAME_MISMATCH)], {Aspect.NAME}, [Aspect.NAME]),
        ([about(Code.BIRTH_DATE_MISMATCH), about(Code.NAME_MISMATCH)], {Aspect.NAME, Aspect.BIRTH_DATE},
         [Aspect.BIRTH_DATE, Aspect.NAME]),
        ([about(Code.DATA_INVALID, "last_name", Kind.DATA)], {Aspect.NAME}, [Aspect.NAME]),
        ([about(Code.OTHER, "birth_date", Kind.DATA)], {Aspect.BIRTH_DATE}, [Aspect.BIRTH_DATE]),
        ([about(Code.NUMBER_MISMATCH)], {Aspect.NUMBER}, []),
        ([about(Code.IMAGE_BLURRED), about(Code.DATA_INVALID, "phone", Kind.DATA)], set(), []),
    ],
)  # fmt: skip
def test_what_a_person_or_a_provider_sends_back_counts_the_same(
    rejections: list[Rejection], aspects: set[Aspect], expected: list[Aspect]
) -> None:
    assert contradicted_aspects(rejections) == aspects
    assert [
        each.aspect for each in with_objected(client(), rejections, client().profile, NOW_MS).contradictions
    ] == expected


def test_a_number_of_another_client_is_remembered_whatever_is_given_next() -> None:
    clashing = with_clash(client(), "AB1", "other", "document", NOW_MS)
    assert [(each.aspect, each.given, each.other_client_id) for each in changed_since(clashing)] == [
        (Aspect.NUMBER, "AB1", "other")
    ]


def test_only_clear_contradictions_of_the_holder_are_counted() -> None:
    judgement = judged(
        last_name=DIFFERS, first_name=DOUBTFUL, birth_date=DIFFERS, expiration_date=DIFFERS, number=AGREES
    )
    assert contradicted_rules(judgement) == {"last_name", "birth_date"}
