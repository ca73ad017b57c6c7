"""A client's class of risk: the highest that a rule gives for any of its products, unless an operator says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ostiary.domain.catalogue.catalogue import RiskRule
from ostiary.domain.catalogue.risk_classes import ListState, RiskClass
from ostiary.domain.clients.risk_override import RiskOverride, RiskWish, override_of
from ostiary.domain.errors import ConditionFailed, ValidationFailed
from ostiary.domain.lifecycle.risk import (
    STANDARD_RISK,
    AssessedRisk,
    RiskInput,
    assess_risk,
    list_state,
    risk_for_company,
)
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.screening.hits import HitState, StoredHit
from ostiary.domain.screening.subject import Hit
from tests.material import ACCOUNTS, CARDS, NOW_MS, RICH, TODAY, catalogue, client, enablement, profile, when

LOW, STANDARD, HIGH = RiskClass
ABROAD = when("country != 'ARG'", "country", holds=lambda values: values["country"] != "ARG")
AT_HOME = when("country == 'ARG'", "country", holds=lambda values: values["country"] == "ARG")
ON_ACCOUNTS = when("product == 'accounts'", "product", holds=lambda values: values["product"] == "accounts")
ON_CARDS = when("product == 'cards'", "product", holds=lambda values: values["product"] == "cards")
LISTED = when("screening != 'clear'", "screening", holds=lambda values: values["screening"] != "clear")


def _broken(values: object) -> bool:
    raise ConditionFailed("no")


BROKEN = when("1 / age > 0", "age", holds=_broken)


def rule(risk_class: RiskClass, condition: Any) -> RiskRule:
    return RiskRule(risk_class, f"{risk_class} {condition.text}", condition)


def hit(state: HitState) -> StoredHit:
    return StoredHit("ab", Hit("own", "1", "NK-1", "Maria Barber", 0.9, 0.8), state, NOW_MS)


def at(
    *rules: RiskRule,
    products: Sequence[str] = ("cards",),
    screening: ListState = ListState.CLEAR,
    override: RiskOverride | None = None,
    **given: Any,
) -> RiskInput:
    live = tuple(enablement(product=product, id=product) for product in products)
    dossier = Dossier(client(profile=profile(**given), risk_override=override), live)
    return RiskInput(dossier, replace(catalogue(CARDS, ACCOUNTS), risk=rules), TODAY, screening)


def classes(risk: AssessedRisk) -> tuple[RiskClass, list[RiskClass]]:
    return risk.risk_class, [each.rule.risk_class for each in risk.counted]


UNKNOWN: dict[str, Any] = {"attributes": {}}
GIVEN: dict[str, Any] = {"attributes": {"salary": 500.0}}


@pytest.mark.parametrize(("rules", "given", "wanted"), [
    ((), {}, (STANDARD, [])),
    (((HIGH, ABROAD),), {}, (STANDARD, [])),
    (((HIGH, AT_HOME),), {}, (HIGH, [HIGH])),
    (((LOW, AT_HOME),), {}, (LOW, [LOW])),
    (((LOW, AT_HOME), (HIGH, AT_HOME), (STANDARD, AT_HOME)), {}, (HIGH, [LOW, HIGH, STANDARD])),
    (((LOW, AT_HOME), (STANDARD, AT_HOME)), {}, (STANDARD, [LOW, STANDARD])),
    (((HIGH, RICH),), GIVEN, (HIGH, [HIGH])),
    (((HIGH, RICH),), {"attributes": {"salary": 5.0}}, (STANDARD, [])),
    (((HIGH, RICH),), UNKNOWN, (HIGH, [HIGH])),
    (((LOW, RICH),), UNKNOWN, (STANDARD, [])),
    (((LOW, AT_HOME), (LOW, RICH)), UNKNOWN, (LOW, [LOW])),
    (((LOW, AT_HOME), (STANDARD, RICH)), UNKNOWN, (STANDARD, [LOW, STANDARD])),
    (((HIGH, BROKEN),), {}, (HIGH, [HIGH])),
    (((LOW, BROKEN),), {}, (STANDARD, [])),
])  # fmt: skip
def test_the_highest_class_counts_and_what_is_not_known_never_lowers_it(
    rules: tuple[tuple[RiskClass, Any], ...], given: dict[str, Any], wanted: tuple[RiskClass, list[RiskClass]]
) -> None:
    assert classes(assess_risk(at(*(rule(*each) for each in rules), **given))) == wanted


def test_a_rule_that_cannot_be_decided_says_for_want_of_what_and_one_that_fails_is_reported() -> None:
    risk = assess_risk(at(rule(HIGH, RICH), rule(HIGH, BROKEN), products=("cards", "accounts"), **UNKNOWN))
    assert [(each.missing, each.products) for each in risk.counted] == [
        (("salary",), ("cards", "accounts")),
        (("birth_date",), ("cards", "accounts")),
    ]
    assert risk.failed == ("1 / age > 0",)


@pytest.mark.parametrize(("settled", "wanted"), [(False, STANDARD), (None, HIGH), (True, HIGH)])
def test_a_rule_that_what_is_there_decides_waits_for_nothing(settled: bool | None, wanted: RiskClass) -> None:
    condition = replace(RICH, partly=lambda values: settled)
    risk = assess_risk(at(rule(HIGH, condition), **UNKNOWN))
    assert (risk.risk_class, [each.missing for each in risk.counted]) == (
        wanted,
        [] if settled is False else [("salary",) if settled is None else ()],
    )


@pytest.mark.parametrize(("products", "wanted"), [
    (("cards",), (LOW, [LOW])),
    (("accounts",), (HIGH, [HIGH])),
    (("cards", "accounts"), (HIGH, [LOW, HIGH])),
    (("cards", "loans"), (STANDARD, [LOW])),
    ((), (STANDARD, [])),
])  # fmt: skip
def test_a_client_has_the_highest_class_of_its_products(
    products: tuple[str, ...], wanted: tuple[RiskClass, list[RiskClass]]
) -> None:
    risk = assess_risk(at(rule(LOW, ON_CARDS), rule(HIGH, ON_ACCOUNTS), products=products))
    assert classes(risk) == wanted


def test_a_product_that_ended_raises_nothing_and_a_client_without_one_is_judged_by_itself() -> None:
    ended = (enablement(Status.REJECTED, product="accounts"),)
    before = at(rule(HIGH, ON_ACCOUNTS), rule(LOW, AT_HOME))
    risk = assess_risk(replace(before, dossier=replace(before.dossier, enablements=ended)))
    assert classes(risk) == (LOW, [LOW])
    assert risk.counted[0].products == ()


@pytest.mark.parametrize(("hits", "state", "wanted"), [
    ((), ListState.CLEAR, STANDARD),
    ((HitState.CLEARED,), ListState.CLEAR, STANDARD),
    ((HitState.CLEARED, HitState.OPEN), ListState.OPEN, HIGH),
    ((HitState.OPEN, HitState.CONFIRMED), ListState.CONFIRMED, HIGH),
])  # fmt: skip
def test_what_lists_say_counts_for_operators_and_is_not_shown_to_the_company(
    hits: tuple[HitState, ...], state: ListState, wanted: RiskClass
) -> None:
    stored = tuple(map(hit, hits))
    assert list_state(stored) is state
    given = at(rule(HIGH, LISTED), screening=state)
    assert assess_risk(given).risk_class is wanted
    assert risk_for_company(given) == STANDARD_RISK


TIP = RiskOverride(HIGH, "2026-04-20", "A tip.", "operator:bea", NOW_MS)


@pytest.mark.parametrize(("today", "wanted"), [
    (TODAY, HIGH), (date(2026, 4, 20), HIGH), (date(2026, 4, 21), LOW),
])  # fmt: skip
def test_an_operators_word_counts_until_its_last_day_is_over(today: date, wanted: RiskClass) -> None:
    given = replace(at(rule(LOW, AT_HOME), override=TIP), today=today)
    risk = assess_risk(given)
    assert (risk.risk_class, risk.by_rules, risk.override) == (wanted, LOW, TIP if wanted is HIGH else None)
    assert risk_for_company(given).risk_class is LOW


def test_an_operators_word_can_lower_what_rules_give() -> None:
    risk = assess_risk(at(rule(HIGH, AT_HOME), override=replace(TIP, risk_class=LOW)))
    assert (risk.risk_class, risk.by_rules) == (LOW, HIGH)


def test_a_word_whose_day_is_no_date_counts_on_none() -> None:
    assert not replace(TIP, until="soon").counts_on(TODAY)


@pytest.mark.parametrize("until", ["2026-04-15", "2027-04-15"])
def test_a_word_holds_from_today_to_a_year_ahead(until: str) -> None:
    wish = RiskWish("high", until, "A tip.")
    assert override_of(wish, "operator:bea", NOW_MS, TODAY) == replace(TIP, until=until)


@pytest.mark.parametrize(("changes", "fields"), [
    ({"risk_class": "higher"}, ["class"]),
    ({"until": "2026-04-14"}, ["until"]),
    ({"until": "2027-04-16"}, ["until"]),
    ({"until": "next year"}, ["until"]),
    ({"reason": " "}, ["reason"]),
    ({"reason": "x" * 4_001}, ["reason"]),
    ({"risk_class": "", "until": "", "reason": ""}, ["class", "until", "reason"]),
])  # fmt: skip
def test_what_cannot_be_is_refused_all_at_once(changes: dict[str, str], fields: list[str]) -> None:
    wish = RiskWish(**{"risk_class": "high", "until": "2026-04-20", "reason": "A tip.", **changes})
    with pytest.raises(ValidationFailed) as caught:
        override_of(wish, "operator:bea", NOW_MS, TODAY)
    assert [fault.field for fault in caught.value.faults] == fields
