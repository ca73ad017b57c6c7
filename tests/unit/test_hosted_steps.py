"""Which screens a client sees: what is missing, once, in an order that asks for nothing twice, and always an end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.catalogue.catalogue import DataField
from ostiary.domain.catalogue.chip_wish import ChipWanted, ChipWish
from ostiary.domain.catalogue.terms import TermsVersion
from ostiary.domain.clients.client import attribute_value
from ostiary.domain.hosted.details import with_details
from ostiary.domain.hosted.steps import DataStep, DocumentStep, LinkRequest, Plan, PlanEnd, TermsStep, plan_of
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.own_groups import MINIMUM_AGE, TERMS, UNDECIDED
from ostiary.domain.onboarding.requirements import Assessment, MissingData, MissingDocument
from ostiary.domain.rejections import Code, Kind, reject
from tests.material import (
    ACCOUNTS,
    ADDRESS,
    BILL,
    CARDS,
    IDENTITY,
    NATIONAL_ID,
    OCCUPATION,
    PASSPORT,
    SALARY,
    enablement,
    profile,
)
from tests.terms import terms

WHO = MissingDocument(IDENTITY, (PASSPORT, NATIONAL_ID))
WITH_CHIP = replace(PASSPORT, chip=ChipWish(ChipWanted.REQUIRED))
BY_APP, BY_APP_OR_NOT = MissingDocument(IDENTITY, (WITH_CHIP,)), MissingDocument(IDENTITY, (WITH_CHIP, NATIONAL_ID))
WHERE = MissingDocument(ADDRESS, (BILL,))
WORK = MissingData("work", "Work", "", (DataField("occupation", OCCUPATION),))
PAY = MissingData("pay", "Pay", "", (DataField("occupation", OCCUPATION), DataField("salary", SALARY)))
FIRST = MissingData(UNDECIDED, "Needed", "", (DataField("salary", SALARY),))
AGE = MissingData(MINIMUM_AGE, "Age", "", (DataField("birth_date", OCCUPATION),))
YOUNG = reject(Kind.DATA, "birth_date", Code.UNDERAGE, "birth_date")
BLURRED = reject(Kind.DOCUMENT, "passport", Code.IMAGE_BLURRED, "image_front")


def asked(assessment: Assessment = Assessment(), number: int = 1, **changes: Any) -> LinkRequest:  # noqa: B008 (frozen)
    return LinkRequest(number, enablement(**changes), CARDS, assessment)


def places(plan: Plan) -> list[str]:
    return [step.place for step in plan.steps]


@pytest.mark.parametrize(
    ("requests", "steps", "end"),
    [
        ([asked()], [], PlanEnd.SUBMIT),
        ([asked(Assessment((WHO,)))], ["1-identity_document"], PlanEnd.CLOSED),
        ([asked(Assessment((BY_APP_OR_NOT,)))], ["1-identity_document"], PlanEnd.CLOSED),
        ([asked(Assessment((WHO, WHERE), (WORK, FIRST)))],
         ["1-needed_to_decide", "1-identity_document", "1-proof_of_address", "1-work"], PlanEnd.CLOSED),
        ([asked(Assessment((WHO,), (WORK,))), asked(Assessment((WHO,), (PAY,)), 2)],
         ["1-identity_document", "1-work", "2-pay"], PlanEnd.CLOSED),
        ([asked(Assessment((), (WORK,))), asked(Assessment((), (WORK,)), 2)], ["1-work"], PlanEnd.CLOSED),
        ([asked(Assessment((WHO,), (AGE,), (YOUNG,)))], [], PlanEnd.TOO_YOUNG),
        ([asked(Assessment((WHO,), (AGE,), (YOUNG,))), asked(number=2)], [], PlanEnd.SUBMIT),
        ([asked(Assessment((WHO,), (AGE,), (YOUNG,))), asked(number=2, status=Status.IN_KYC)], [], PlanEnd.WAITING),
        ([asked(status=Status.IN_KYC), asked(number=2, status=Status.ENABLED)], [], PlanEnd.WAITING),
        ([asked(Assessment((WHO,)), status=Status.IN_KYC)], [], PlanEnd.WAITING),
        ([asked(status=Status.ENABLED), asked(number=2, status=Status.REJECTED)], [], PlanEnd.ENABLED),
        ([asked(status=Status.REJECTED)], [], PlanEnd.REJECTED),
        ([], [], PlanEnd.REJECTED),
    ],
)  # fmt: skip
def test_steps_in_their_order_and_where_they_end(requests: list[LinkRequest], steps: list[str], end: PlanEnd) -> None:
    plan = plan_of(requests)
    assert (places(plan), plan.end) == (steps, end)
    assert (plan.next.place if plan.next else None) == (steps[0] if steps else None)


RULES = MissingData(TERMS, "Terms", "", (DataField("rules", OCCUPATION),))
FIRST_RULES, LATER_RULES = terms(), terms("v2")
OTHERS = terms(id="others")


def agreeing(*asked_for: TermsVersion, data: tuple[MissingData, ...] = ()) -> Assessment:
    return Assessment((), (*data, RULES), terms=asked_for)


@pytest.mark.parametrize(
    ("requests", "steps"),
    [
        ([agreeing(FIRST_RULES)], [("1-rules", FIRST_RULES)]),
        ([agreeing(FIRST_RULES, OTHERS)], [("1-rules", FIRST_RULES), ("1-others", OTHERS)]),
        ([agreeing(FIRST_RULES), agreeing(FIRST_RULES)], [("1-rules", FIRST_RULES)]),
        ([agreeing(FIRST_RULES, OTHERS), agreeing(LATER_RULES)], [("2-rules", LATER_RULES), ("1-others", OTHERS)]),
    ],
)
def test_terms_are_asked_once_and_of_two_versions_the_later(
    requests: list[Assessment], steps: list[tuple[str, TermsVersion]]
) -> None:
    plan = plan_of([asked(each, number) for number, each in enumerate(requests, 1)])
    assert [(step.place, step.terms) for step in plan.steps if isinstance(step, TermsStep)] == steps
    assert {step.name for step in plan.steps if isinstance(step, TermsStep)} == {"Rules"}
    assert not plan.to_submit
    assert not plan.is_finished


def test_terms_come_when_everything_else_is_there() -> None:
    plan = plan_of([asked(agreeing(FIRST_RULES, data=(WORK,))), asked(Assessment((WHO,)), 2)])
    assert places(plan) == ["1-work", "2-identity_document", "1-rules"]


def test_only_details_that_no_earlier_step_asks_for_are_asked_again() -> None:
    plan = plan_of([asked(Assessment((), (WORK,))), asked(Assessment((), (PAY,)), 2)])
    later = plan.steps[1]
    assert isinstance(later, DataStep)
    assert [each.key for each in later.fields] == ["salary"]


def test_a_step_says_what_was_wrong_with_what_came_before() -> None:
    no_job = reject(Kind.DATA, "occupation", Code.DATA_INVALID, "occupation")
    plan = plan_of([asked(Assessment((WHO, WHERE), (WORK,), (BLURRED, no_job)))])
    steps = [step for step in plan.steps if isinstance(step, DataStep | DocumentStep)]
    assert [step.problems for step in steps] == [(BLURRED,), (), (no_job,)]


def test_what_nobody_can_give_is_no_step_and_everything_else_is_done_first() -> None:
    plan = plan_of([asked(Assessment((MissingDocument(IDENTITY, ()),), (WORK,)))])
    assert places(plan) == ["1-work"]
    assert [step.place for step in plan.closed] == ["1-identity_document"]
    assert plan_of([asked(Assessment((MissingDocument(IDENTITY, ()),)))]).end is PlanEnd.CLOSED


@pytest.mark.parametrize(("review", "is_looked_at"), [(Review.CLASH, True), (None, False)])
def test_while_a_person_decides_whose_a_number_is_the_step_says_so(review: Review | None, is_looked_at: bool) -> None:
    (step,) = plan_of([asked(Assessment((WHO,)), review=review)]).steps
    assert isinstance(step, DocumentStep)
    assert step.is_looked_at is is_looked_at


def test_what_is_complete_is_submitted_and_nothing_else() -> None:
    plan = plan_of([asked(Assessment((WHO,))), asked(number=2), asked(number=3, status=Status.IN_KYC)])
    assert [each.number for each in plan.to_submit] == [2]
    assert not plan.is_finished
    assert plan_of([asked(status=Status.IN_KYC), asked(number=2, status=Status.REJECTED)]).is_finished


def test_age_is_asked_of_open_requests_alone() -> None:
    assert asked(Assessment((), (AGE,), (YOUNG,)), status=Status.REJECTED).too_young is None
    assert LinkRequest(1, enablement(), ACCOUNTS, Assessment((), (AGE,), (YOUNG,))).too_young == YOUNG


@pytest.mark.parametrize(
    ("values", "key", "after"),
    [
        ({"first_name": "Mary"}, "first_name", "Mary"),
        ({"occupation": "Nurse"}, "occupation", "Nurse"),
        ({"occupation": None}, "occupation", None),
        ({"phone_country_code": 34, "phone_number": 612345678}, "phone", "+34612345678"),
        ({"postal_code": "1000"}, "postal_code", "1000"),
        ({"country": "ESP"}, "country", "ESP"),
        ({"country": "ESP"}, "state", None),
        ({"country": "ESP", "state": "ESP-M"}, "state", "ESP-M"),
        ({"country": "ARG"}, "state", "ARG-B"),
        ({"birth_date": "1990-01-01"}, "last_name", "Barber"),
    ],
)  # fmt: skip
def test_details_go_where_they_belong(values: dict[str, Any], key: str, after: str | None) -> None:
    assert attribute_value(with_details(profile(), values), key) == after


def test_what_has_to_come_with_its_chip_is_not_offered_where_no_chip_can_be_read() -> None:
    plan = plan_of([asked(Assessment((BY_APP_OR_NOT,)))])
    [step] = plan.steps
    assert isinstance(step, DocumentStep)
    assert step.alternatives == (NATIONAL_ID,)
    closed = plan_of([asked(Assessment((BY_APP,)))])
    assert (closed.steps, closed.end) == ((), PlanEnd.CLOSED), "only the company can help"
    assert [each.place for each in closed.closed] == ["1-identity_document"]
