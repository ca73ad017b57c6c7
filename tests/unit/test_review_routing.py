"""Who may decide alone: every source, advice, policy and fact has its row, and a person is asked where one must be."""

from __future__ import annotations

from itertools import product

import pytest

from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.onboarding.enablement import Review
from ostiary.domain.onboarding.review_reasons import REVIEW_REASONS, ReviewReason
from ostiary.domain.review.routing import (
    REASONS,
    SETTLED_BY_LOOKING,
    Advice,
    Fact,
    Lead,
    Source,
    doubts,
    facts_of_identity,
    reasons_for,
    route,
)

AUTO, PROVEN, ASSISTED, MANUAL = Policy
PASS, RETURN, REJECT, ASK, REVOKE = Advice
KEEP_OUT = (
    Fact.LISTED, Fact.NOT_COMPARABLE, Fact.IDENTITY_CHANGED, Fact.IDENTITY_CONTRADICTED, Fact.SHARED,
    Fact.CONTESTED, Fact.CHANGE_OPEN,
)  # fmt: skip
KEEP_HERE = (Fact.IDENTITY_CONTRADICTED, Fact.STILL_CONTRADICTED, Fact.SHARED)

TABLE: list[tuple[Source, Advice, Policy, tuple[Fact, ...], Lead]] = [
    (Source.READING, PASS, AUTO, (), Lead.AS_ADVISED),
    (Source.READING, PASS, ASSISTED, (), Lead.CONFIRMATION),
    (Source.READING, PASS, MANUAL, (), Lead.SUBMISSION),
    (Source.READING, RETURN, AUTO, (), Lead.AS_ADVISED),
    (Source.READING, RETURN, ASSISTED, (), Lead.AS_ADVISED),
    (Source.READING, RETURN, MANUAL, (), Lead.SUBMISSION),
    (Source.READING, RETURN, AUTO, (Fact.LISTED,), Lead.AS_ADVISED),
    (Source.READING, RETURN, AUTO, (Fact.IDENTITY_CHANGED,), Lead.AS_ADVISED),
    (Source.READING, ASK, AUTO, (), Lead.SUBMISSION),
    (Source.READING, PASS, PROVEN, (), Lead.CONFIRMATION),
    (Source.READING, PASS, PROVEN, (Fact.ISSUER_SIGNED,), Lead.AS_ADVISED),
    (Source.READING, PASS, ASSISTED, (Fact.ISSUER_SIGNED,), Lead.CONFIRMATION),
    (Source.READING, PASS, MANUAL, (Fact.ISSUER_SIGNED,), Lead.SUBMISSION),
    (Source.READING, RETURN, PROVEN, (), Lead.AS_ADVISED),
    (Source.READING, ASK, PROVEN, (Fact.ISSUER_SIGNED,), Lead.SUBMISSION),
    (Source.PROVIDER, PASS, PROVEN, (), Lead.CONFIRMATION),
    (Source.PROVIDER, REJECT, PROVEN, (), Lead.AS_ADVISED),
    (Source.PROVIDER, PASS, AUTO, (), Lead.AS_ADVISED),
    (Source.PROVIDER, PASS, ASSISTED, (), Lead.CONFIRMATION),
    (Source.PROVIDER, PASS, MANUAL, (), Lead.CONFIRMATION),
    (Source.PROVIDER, REJECT, AUTO, (), Lead.AS_ADVISED),
    (Source.PROVIDER, REJECT, ASSISTED, (), Lead.AS_ADVISED),
    (Source.PROVIDER, REJECT, MANUAL, (), Lead.SUBMISSION),
    (Source.PROVIDER, RETURN, ASSISTED, (), Lead.AS_ADVISED),
    (Source.PROVIDER, RETURN, MANUAL, (), Lead.SUBMISSION),
    (Source.PROVIDER, ASK, AUTO, (), Lead.SUBMISSION),
    (Source.PROVIDER, REVOKE, MANUAL, (), Lead.CHANGE),
    (Source.SCREENING, REVOKE, MANUAL, (), Lead.SCREENING),
    (Source.CHANGE, REVOKE, MANUAL, (), Lead.CHANGE),
    (Source.INTAKE, ASK, MANUAL, (), Lead.CLASH),
    (Source.SANDBOX, PASS, MANUAL, KEEP_OUT, Lead.AS_ADVISED),
    (Source.SANDBOX, ASK, MANUAL, (), Lead.SUBMISSION),
    (Source.OPERATOR, PASS, MANUAL, (), Lead.AS_ADVISED),
    (Source.OPERATOR, PASS, MANUAL, (Fact.LISTED,), Lead.REFUSED),
    (Source.OPERATOR, REJECT, MANUAL, (Fact.LISTED,), Lead.AS_ADVISED),
    (Source.OPERATOR, PASS, MANUAL, (Fact.NOT_EXPLAINED,), Lead.REFUSED),
    (Source.OPERATOR, RETURN, MANUAL, (Fact.NOT_LOOKED,), Lead.REFUSED),
    *((source, PASS, policy, (fact,), Lead.SUBMISSION)
      for source, policy, fact in product((Source.READING, Source.PROVIDER), Policy, KEEP_OUT)),
    *((source, RETURN, policy, (fact,), Lead.SUBMISSION)
      for source, policy, fact in product((Source.READING, Source.PROVIDER), Policy, KEEP_HERE)),
]  # fmt: skip


@pytest.mark.parametrize(("source", "advice", "policy", "facts", "lead"), TABLE, ids=str)
def test_an_advice_leads_where_the_table_says(
    source: Source, advice: Advice, policy: Policy, facts: tuple[Fact, ...], lead: Lead
) -> None:
    assert route(source, advice, policy, facts) is lead


@pytest.mark.parametrize("fact", KEEP_OUT)
@pytest.mark.parametrize("others", [(), tuple(Fact)])
def test_no_machine_lets_anybody_in_beside_such_a_fact(fact: Fact, others: tuple[Fact, ...]) -> None:
    for source, policy in product((Source.READING, Source.PROVIDER), Policy):
        assert route(source, PASS, policy, {fact, *others}).review is Review.SUBMISSION


@pytest.mark.parametrize("facts", [(), tuple(each for each in Fact if each is not Fact.ISSUER_SIGNED)])
def test_what_no_chip_proves_is_let_in_by_no_machine_under_proven(facts: tuple[Fact, ...]) -> None:
    for source in (Source.READING, Source.PROVIDER):
        assert route(source, PASS, PROVEN, facts).review is not None


def test_every_combination_has_a_row() -> None:
    for source, advice, policy in product(Source, Advice, Policy):
        assert route(source, advice, policy)
        assert route(source, advice, policy, tuple(Fact))


@pytest.mark.parametrize(
    ("count", "is_changed", "is_shared", "facts"),
    [
        (0, False, False, set()),
        (1, False, False, set()),
        (2, False, False, {Fact.IDENTITY_CONTRADICTED}),
        (0, True, False, {Fact.IDENTITY_CHANGED}),
        (1, True, False, {Fact.IDENTITY_CHANGED, Fact.STILL_CONTRADICTED}),
        (1, False, True, {Fact.SHARED}),
    ],
)
def test_what_follows_from_what_is_contradicted(
    count: int, is_changed: bool, is_shared: bool, facts: set[Fact]
) -> None:
    assert facts_of_identity(count, is_changed=is_changed, is_shared=is_shared) == facts


@pytest.mark.parametrize("lead", Lead)
def test_a_lead_opens_the_review_of_its_name_or_none(lead: Lead) -> None:
    assert lead.review == (None if lead in (Lead.AS_ADVISED, Lead.REFUSED) else Review(lead.value))


def test_reasons_are_told_and_most_are_doubts() -> None:
    assert set(REASONS.values()) <= set(REVIEW_REASONS)
    assert reasons_for({Fact.LISTED, Fact.SHARED}) == (ReviewReason.SCREENING_HIT,)
    every = [each.value for each in ReviewReason]
    assert set(doubts(every)) == set(every) - {each.value for each in SETTLED_BY_LOOKING}
    assert doubts(()) == ()
