"""From which day on a request is due, by its rules, its client's class and its documents."""

from __future__ import annotations

from datetime import date

import pytest

from ostiary.domain.catalogue.renewal_rules import AtDeadline, CalendarPeriod, RenewalRules
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.renewals.calendar import day_ends_ms
from ostiary.domain.renewals.dates import dated, first_deadline, renewed, spread, with_class, with_rules
from ostiary.domain.renewals.deadlines import (
    Circumstances,
    Deadline,
    DeadlineState,
    RenewalReason,
    rules_mark,
)
from ostiary.domain.renewals.steps import RenewalStep, confirmed, days_left, opened, sent_back, submitted, taken
from ostiary.domain.times import END_MS, day_of, day_starts_ms
from ostiary.domain.value import replace

TODAY = date(2026, 4, 15)
NOW_MS = day_starts_ms(TODAY) + 1
YEARS = {RiskClass.LOW: CalendarPeriod(60), RiskClass.STANDARD: CalendarPeriod(60), RiskClass.HIGH: CalendarPeriod(12)}
RULES = RenewalRules(tuple(YEARS.items()), documents_must_stay_valid=True)
PERIOD, EXPIRY, OPERATOR = RenewalReason.PERIOD, RenewalReason.DOCUMENT_EXPIRY, RenewalReason.OPERATOR


def at(
    *expiries: str, risk: RiskClass = RiskClass.STANDARD, rules: RenewalRules = RULES, today: date = TODAY
) -> Circumstances:
    return Circumstances(rules, risk, tuple(map(date.fromisoformat, expiries)), today)


def first(here: Circumstances, reviewed_on: date = TODAY) -> Deadline:
    return first_deadline("company", "client", "request", "cards", here, reviewed_on=reviewed_on)


@pytest.mark.parametrize(
    ("here", "due", "reasons"),
    [
        (at(), "2031-04-15", {PERIOD}),
        (at(risk=RiskClass.HIGH), "2027-04-15", {PERIOD}),
        (at("2028-01-31"), "2028-01-31", {EXPIRY}),
        (at("2040-01-01", "2028-01-31"), "2028-01-31", {EXPIRY}),
        (at("2031-04-15"), "2031-04-15", {PERIOD, EXPIRY}),
        (at("2031-02-01"), "2031-02-01", {PERIOD, EXPIRY}),
        (at("2031-01-01"), "2031-01-01", {EXPIRY}),
        (at("2031-05-01"), "2031-04-15", {PERIOD}),
        (at("2026-04-15"), "2026-04-15", {EXPIRY}),
        (at("2026-04-14"), "2026-05-15", {EXPIRY}),
        (at("2026-04-14", rules=RenewalRules(RULES.review_every)), "2031-04-15", {PERIOD}),
    ],
)
def test_the_soonest_counts(here: Circumstances, due: str, reasons: set[RenewalReason]) -> None:
    deadline = first(here)
    assert (deadline.due_on, set(deadline.reasons)) == (date.fromisoformat(due), reasons)
    assert deadline.due_at_ms == day_ends_ms(deadline.due_on)
    assert deadline.state is DeadlineState.WAITING


def test_without_a_date_nothing_is_due_and_nobody_looks() -> None:
    deadline = first(at(rules=RenewalRules(documents_must_stay_valid=True)))
    assert (deadline.due_at_ms, deadline.ends_at_ms, deadline.next_at_ms) == (END_MS, END_MS, END_MS)
    assert (deadline.reasons, deadline.due_on) == ((), date.max)
    assert spread(deadline, at(rules=RenewalRules(documents_must_stay_valid=True)), 0.5) == deadline


# ---- a class that is another ----------------------------------------------------------------------------------------


def test_a_class_that_is_raised_brings_the_day_nearer_and_back() -> None:
    deadline = first(at())
    raised = with_class(deadline, at(risk=RiskClass.HIGH))
    assert (raised.due_on, raised.risk) == (date(2027, 4, 15), RiskClass.HIGH)
    assert with_class(raised, at()) == deadline


def test_a_day_that_would_be_past_is_a_month_ahead() -> None:
    raised = with_class(first(at(), date(2023, 1, 1)), at(risk=RiskClass.HIGH))
    assert raised.due_on == date(2026, 5, 15)
    assert raised.next_at_ms <= NOW_MS, "and it opens at once"


def test_a_day_that_was_found_for_what_is_past_does_not_move_on_with_the_days() -> None:
    """With first notices nearer than that day, it would be found anew whenever it should open, and never open."""
    late = RenewalRules(RULES.review_every, notice_days=(7, 0))
    raised = with_class(first(at(rules=late), date(2023, 1, 1)), at(risk=RiskClass.HIGH, rules=late))
    here = at(risk=RiskClass.HIGH, rules=late, today=date(2026, 5, 8))
    assert raised.due_on == dated(raised, here).due_on == date(2026, 5, 15)
    assert taken(dated(raised, here), late, day_starts_ms(here.today))[1] is RenewalStep.OPENED
    missed = at(risk=RiskClass.HIGH, rules=late, today=date(2026, 5, 16))
    assert dated(raised, missed).due_on == date(2026, 6, 15), "nobody was there to open it"
    more = at("2026-05-01", risk=RiskClass.HIGH, today=date(2026, 5, 8))
    assert dated(raised, more).due_on == date(2026, 6, 7), "a document that nobody was asked for"


@pytest.mark.parametrize(
    ("starts", "notices", "due", "opens"),
    [
        ("2026-06-01", (90, 0), "2026-08-30", "2026-06-01"),
        ("2026-06-01", (0,), "2026-06-01", "2026-06-01"),
        ("2026-04-15", (7,), "2026-04-22", "2026-04-15"),
        ("2026-01-01", (7,), "2026-05-15", "2026-04-15"),
        ("0001-01-01", (90,), "2026-05-15", "2026-04-15"),
        ("2026-04-01", (90,), "2026-06-30", "2026-04-15"),
    ],
)
def test_what_starts_to_be_asked_for_opens_on_its_day_or_at_once(
    starts: str, notices: tuple[int, ...], due: str, opens: str
) -> None:
    rules = RenewalRules(notice_days=notices, terms=("rules v2",))
    here = replace(at(rules=rules), starts=(date.fromisoformat(starts), date(2030, 1, 1)))
    deadline = first(here)
    assert (deadline.reasons, deadline.due_on) == (
        (RenewalReason.REQUIREMENT_IN_FORCE,),
        date.fromisoformat(due),
    )
    assert max(day_of(deadline.next_at_ms), TODAY) == date.fromisoformat(opens)


def test_of_an_open_renewal_the_day_comes_nearer_but_never_goes_away() -> None:
    renewal = opened(first(at(), date(2025, 7, 1)), (OPERATOR,), RULES, NOW_MS)
    assert renewal.due_on == date(2026, 7, 14)
    nearer = with_class(renewal, at(risk=RiskClass.HIGH))
    assert (nearer.due_on, nearer.reasons, nearer.state) == (date(2026, 7, 1), (OPERATOR, PERIOD), DeadlineState.OPEN)
    assert with_class(nearer, at(risk=RiskClass.LOW)).due_on == date(2026, 7, 1)


# ---- what was enabled before ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enabled_on", "share", "due"),
    [
        ("2026-04-15", 0.0, "2026-07-14"),
        ("2026-04-15", 0.5, "2028-11-28"),
        ("2026-04-15", 1.0, "2031-04-15"),
        ("2020-01-01", 0.0, "2026-07-14"),
        ("2020-01-01", 1.0, "2031-04-15"),
        ("2021-05-01", 0.0, "2026-07-14"),
    ],
)
def test_days_are_spread_between_the_first_notice_and_their_own(enabled_on: str, share: float, due: str) -> None:
    deadline = first(at(), date.fromisoformat(enabled_on))
    assert spread(deadline, at(), share).due_on == date.fromisoformat(due)


def test_documents_that_ran_out_before_are_spread_over_a_year_and_others_stay() -> None:
    gone, soon = at("2020-01-01"), at("2026-09-30")
    assert spread(first(gone), gone, 0.0).due_on == date(2026, 7, 14)
    late = spread(first(gone), gone, 1.0)
    assert (late.due_on, late.reasons) == (date(2027, 7, 14), (EXPIRY,))
    assert dated(late, gone) == late, "looking again moves nothing"
    assert spread(first(soon), soon, 1.0).due_on == date(2026, 9, 30)


def test_shares_that_are_even_make_days_that_are() -> None:
    days = [spread(first(at(), date(2020, 1, 1)), at(), share / 1000).due_on for share in range(1000)]
    assert max(days.count(day) for day in set(days)) == 1


def test_rules_that_are_others_date_what_waits_and_leave_what_is_open() -> None:
    others = RenewalRules(((RiskClass.STANDARD, CalendarPeriod(24)),), notice_days=(30, 0))
    waiting = first(at())
    after = with_rules(waiting, at(rules=others), 0.5)
    assert (after.due_on, after.rules) == (date(2028, 4, 15), rules_mark(others))
    renewal = opened(waiting, (OPERATOR,), RULES, NOW_MS)
    after = with_rules(renewal, at(rules=others), 0.5)
    assert (after.due_at_ms, after.state, after.rules) == (
        renewal.due_at_ms,
        DeadlineState.OPEN,
        rules_mark(others),
    )
    old = first(at(), date(2020, 1, 1))
    past = with_rules(replace(old, period_on=date(2030, 1, 1)), at(rules=others), 1.0)
    assert past.due_on == date(2028, 4, 15), "a day that would be past is spread"


def test_terms_that_bind_leave_days_that_were_spread() -> None:
    binding = RenewalRules(RULES.review_every, documents_must_stay_valid=True, terms=("rules v2",))
    spread_out = spread(first(at(), date(2020, 1, 1)), at(), 0.5)
    after = with_rules(spread_out, replace(at(rules=binding), starts=(date(2026, 9, 1),)), 0.9)
    assert (after.period_on, after.due_on, after.rules) == (
        spread_out.period_on,
        date(2026, 11, 30),
        rules_mark(binding),
    )
    renewal = opened(spread_out, (OPERATOR,), RULES, NOW_MS)
    after = with_rules(renewal, replace(at(rules=binding), starts=(TODAY,)), 0.9)
    assert after == replace(renewal, rules=rules_mark(binding))


def test_rules_have_a_mark_of_their_own() -> None:
    variants = (
        RULES,
        RenewalRules(RULES.review_every),
        RenewalRules(documents_must_stay_valid=True),
        RenewalRules(RULES.review_every[:1]),
        RenewalRules(RULES.review_every, notice_days=(30,)),
        RenewalRules(RULES.review_every, grace_days=1),
        RenewalRules(RULES.review_every, at_deadline=AtDeadline.OFFBOARD),
        RenewalRules(RULES.review_every, starts=(TODAY,)),
        RenewalRules(RULES.review_every, terms=("rules v2",)),
        RenewalRules(RULES.review_every, terms=("rules v3",)),
    )
    assert len({rules_mark(each) for each in variants}) == len(variants)
    assert rules_mark(RenewalRules(RULES.review_every[::-1], documents_must_stay_valid=True)) == rules_mark(RULES)


# ---- what happens ---------------------------------------------------------------------------------------------------


def test_something_that_happens_opens_it_and_leaves_a_day_that_is_nearer() -> None:
    near = first(at("2026-05-01"))
    renewal = opened(near, (OPERATOR,), RULES, NOW_MS)
    assert (renewal.due_on, renewal.reasons) == (date(2026, 5, 1), (EXPIRY, OPERATOR))
    far = opened(first(at()), (OPERATOR,), RenewalRules(RULES.review_every, notice_days=(7,)), NOW_MS)
    assert (far.due_on, far.reasons) == (date(2026, 5, 15), (OPERATOR,))


def test_what_happens_once_more_asks_for_a_confirmation_once_more_unless_it_is_submitted() -> None:
    renewal = confirmed(opened(first(at()), (OPERATOR,), RULES, NOW_MS), NOW_MS)
    assert not renewal.needs_confirmation
    assert opened(renewal, (OPERATOR,), RULES, NOW_MS) == renewal
    again = opened(renewal, (RenewalReason.LIST_HIT,), RULES, NOW_MS)
    assert again.needs_confirmation
    assert not opened(renewal, (EXPIRY,), RULES, NOW_MS).needs_confirmation
    sent = submitted(renewal, NOW_MS)
    late = opened(sent, (RenewalReason.LIST_HIT,), RULES, NOW_MS)
    assert (late.state, late.needs_confirmation) == (DeadlineState.SUBMITTED, False)


def test_nothing_is_taken_before_its_time_nor_from_who_has_it() -> None:
    deadline = first(at())
    assert taken(deadline, RULES, NOW_MS) == (deadline, None)
    sent = submitted(opened(deadline, (OPERATOR,), RULES, NOW_MS), NOW_MS)
    assert taken(sent, RULES, END_MS) == (sent, None)


def test_what_comes_back_has_its_days_of_grace_again() -> None:
    renewal = submitted(opened(first(at()), (OPERATOR,), RULES, NOW_MS), NOW_MS)
    late = day_starts_ms(date(2027, 1, 1))
    back = sent_back(renewal, RULES, late)
    assert (back.state, back.returned, back.attempt) == (DeadlineState.OPEN, 1, 1)
    assert back.ends_at_ms == day_ends_ms(date(2027, 1, 31))
    soon = sent_back(renewal, RULES, NOW_MS)
    assert soon.ends_at_ms == renewal.ends_at_ms
    assert days_left(soon, NOW_MS) == 90


def test_renewed_it_counts_from_today_if_everything_was_confirmed() -> None:
    later = at(today=date(2026, 6, 1))
    whole = renewed(opened(first(at()), (OPERATOR,), RULES, NOW_MS), later)
    assert (whole.reviewed_on, whole.due_on, whole.state) == (date(2026, 6, 1), date(2031, 6, 1), DeadlineState.WAITING)
    part = renewed(opened(first(at()), (EXPIRY,), RULES, NOW_MS), later)
    assert (part.reviewed_on, part.due_on, part.opened_at_ms) == (TODAY, date(2031, 4, 15), None)
