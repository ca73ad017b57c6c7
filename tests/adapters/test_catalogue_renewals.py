"""When a product's enabled requests are due again, as a catalogue says it, and what it cannot mean."""

from __future__ import annotations

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.domain.catalogue.renewal_rules import NO_RENEWALS, AtDeadline, CalendarPeriod, RenewalRules
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.errors import CatalogueInvalid

PRODUCT = "products:\n  cards:\n    name: Cards\n"

FAULTY_RENEWALS: list[tuple[list[str], str, int]] = [
    (["review_every: 5 years"], "bad_period", 4),
    (["review_every: P1W"], "bad_period", 4),
    (["review_every: P20Y1D"], "bad_period", 4),
    (["review_every: 5"], "wrong_type", 4),
    (["review_every: {low: P5Y, high: P1Y}"], "missing_key", 4),
    (["review_every: {low: P5Y, standard: P5Y, high: P1Y, highest: P1M}"], "unknown_key", 4),
    (["review_every: P1Y", "notice_days: [366]"], "wrong_number", 5),
    (["review_every: P1Y", "notice_days: [soon]"], "wrong_number", 5),
    (["review_every: P1Y", f"notice_days: {list(range(11))}"], "too_many", 5),
    (["review_every: P1Y", "notice_days: []"], "wrong_type", 5),
    (["review_every: P1Y", "grace_days: 366"], "wrong_number", 5),
    (["review_every: P1Y", "at_deadline: forget"], "unknown_choice", 5),
    (["grace_days: 30"], "nothing_due", 4),
    (["review_every: P2M"], "always_open", 4),
    (["review_every: P2M", "notice_days: [60, 7]"], "always_open", 5),
    (["review_every: P1Y", "at_deadline: offboard", "four_eyes: [offboard]"], "two_people_needed", 5),
]


def rules(*lines: str) -> RenewalRules:
    source = PRODUCT + "".join(f"    {line}\n" for line in lines)
    return catalogue_file.parse(source, "c.yaml").products["cards"].renewal


def version(*lines: str) -> str:
    return catalogue_file.parse(PRODUCT + "".join(f"    {line}\n" for line in lines), "c.yaml").version


def test_a_product_that_says_nothing_is_never_due() -> None:
    assert rules() == NO_RENEWALS
    assert not rules().ask_anything


def test_one_period_is_for_every_class_and_others_for_each() -> None:
    same = rules("review_every: P5Y")
    assert [same.period_of(risk) for risk in RiskClass] == [CalendarPeriod(60)] * 3
    each = rules("review_every: {low: P5Y, standard: P18M, high: P180D}")
    periods = [each.period_of(risk) for risk in RiskClass]
    assert periods == [CalendarPeriod(60), CalendarPeriod(18), CalendarPeriod(0, 180)]


def test_everything_can_be_said() -> None:
    whole = rules(
        "documents_must_stay_valid: true", "notice_days: [7, 30, 0]", "at_deadline: offboard", "grace_days: 0"
    )
    assert whole == RenewalRules((), True, (30, 7, 0), AtDeadline.OFFBOARD, 0)
    assert (whole.first_notice, whole.period_of(RiskClass.HIGH)) == (30, None)


@pytest.mark.parametrize(("lines", "code", "place"), FAULTY_RENEWALS)
def test_what_cannot_be_meant_is_a_fault_with_its_place(lines: list[str], code: str, place: int) -> None:
    with pytest.raises(CatalogueInvalid) as refused:
        rules(*lines)
    [fault] = refused.value.faults
    assert (fault.code, fault.field.split(":")[1]) == (code, str(place))


def test_notices_may_be_alone_where_something_begins_for_all() -> None:
    later = "data: {taxes: {name: Taxes, from: 2027-07-10, for: all, fields: [phone]}}"
    assert rules(later, "grace_days: 5").grace_days == 5


def test_what_is_usual_can_be_left_out_and_each_choice_is_another_version() -> None:
    assert version() == version("documents_must_stay_valid: false")
    usual = ("review_every: P5Y", "notice_days: [90, 30, 7, 0]", "at_deadline: keep_and_review", "grace_days: 30")
    assert version(*usual) == version("review_every: {low: P60M, standard: P5Y, high: P5Y}")
    changed = ("notice_days: [90]", "at_deadline: offboard", "grace_days: 1", "documents_must_stay_valid: true")
    assert len({version("review_every: P5Y", line) for line in changed} | {version(*usual)}) == 5
