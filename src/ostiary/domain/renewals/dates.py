"""From which day on a request is due: worked out from the rules, the client's class and its documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.renewals.calendar import after, day_ends_ms, days_after
from ostiary.domain.renewals.deadlines import (
    ABOUT_REQUIREMENTS,
    LEAST_NOTICE_DAYS,
    Circumstances,
    Deadline,
    DeadlineState,
    RenewalReason,
    joined,
    on_time,
    same_but_for_starts,
    with_next,
)
from ostiary.domain.times import END_MS, day_starts_ms
from ostiary.domain.value import replace

SPREAD_DAYS = 365
"""Over how many days documents are asked for that had run out before anything was due for them."""


def first_deadline(
    company_id: str, client_id: str, enablement_id: str, product: str, at: Circumstances, *, reviewed_on: date
) -> Deadline:
    """The deadline of a request that is enabled, of a client that was looked at on a day."""
    fresh = Deadline(
        company_id=company_id,
        client_id=client_id,
        enablement_id=enablement_id,
        product=product,
        state=DeadlineState.WAITING,
        due_at_ms=END_MS,
        ends_at_ms=END_MS,
        next_at_ms=END_MS,
        reviewed_on=reviewed_on,
        risk=at.risk,
        rules="",
    )
    return dated(_counted(fresh, at), at)


def dated(deadline: Deadline, at: Circumstances) -> Deadline:
    """What waits, with the dates that follow from the documents there are now. A day that would be past is a while
    ahead. What started to be asked for already is asked for at once."""
    ends = dict(_ends(deadline, at))
    if not ends:
        return replace(deadline, reasons=(), due_at_ms=END_MS, ends_at_ms=END_MS, next_at_ms=END_MS)
    day = min(ends.values())
    if day < at.today:
        day = _ahead(deadline, {reason for reason, end in ends.items() if end < at.today}, at.today)
    latest = {RenewalReason.PERIOD: days_after(day, at.rules.first_notice)}
    reasons = tuple(reason for reason, end in ends.items() if end <= latest.get(reason, day))
    timed = on_time(replace(deadline, reasons=reasons, due_at_ms=day_ends_ms(day)), at.rules)
    if at.starts and min(at.starts) <= at.today:
        return replace(timed, next_at_ms=min(timed.next_at_ms, day_starts_ms(at.today)))
    return timed


def _ahead(deadline: Deadline, past: set[RenewalReason], today: date) -> date:
    """The day for what should have been before today: a while ahead, or the one that was found for it before."""
    day = days_after(today, LEAST_NOTICE_DAYS)
    is_found = past <= set(deadline.reasons) and today <= deadline.due_on <= day
    return deadline.due_on if is_found else day


def spread(deadline: Deadline, at: Circumstances, share: float) -> Deadline:
    """The deadline of a request that was enabled before anything was due for it. `share`, from 0 to 1, is where it lies
    between the first notice from now and its own day (or a period from now, where that has passed): with even shares
    nobody has everything due at once. Documents that ran out, or will before that, are asked for within a year."""
    first = days_after(at.today, max(at.rules.first_notice, LEAST_NOTICE_DAYS))
    counted = _counted(deadline, at)
    if counted.period_on is not None:
        period = at.rules.period_of(at.risk) or CalendarPeriod()
        last = counted.period_on if counted.period_on > first else after(at.today, period)
        counted = replace(counted, period_on=_between(first, last, share))
    if at.expiries and min(at.expiries) <= first:
        counted = replace(counted, documents_on=_between(first, days_after(first, SPREAD_DAYS), share))
    return dated(counted, at)


def with_class(deadline: Deadline, at: Circumstances) -> Deadline:
    """The deadline of a client whose class is another. What waits is dated anew at once; the day of an open renewal may
    come nearer, and never goes away."""
    fresh = dated(_counted(deadline, at), at)
    if not deadline.is_open:
        return fresh
    same_day = replace(deadline, risk=at.risk, rules=fresh.rules, period_on=fresh.period_on)
    if fresh.due_at_ms >= deadline.due_at_ms:
        return same_day
    reasons = joined(deadline.reasons, fresh.reasons)
    return on_time(replace(same_day, reasons=reasons, due_at_ms=fresh.due_at_ms), at.rules)


def as_of(deadline: Deadline, at: Circumstances) -> Deadline:
    """The deadline as things are now: what waits is dated anew, and a class that is another moves the day of an open
    renewal as well. One that was submitted stays before who has it."""
    if deadline.is_submitted:
        return deadline
    if at.risk is not deadline.risk:
        return with_class(deadline, at)
    return deadline if deadline.is_open else dated(deadline, at)


def with_rules(deadline: Deadline, at: Circumstances, share: float) -> Deadline:
    """The deadline once the rules are others. What waits is dated by them, and spread where it would be past; a renewal
    that is open keeps its day. Where only what starts to be asked for is another, or what gives clients their class,
    days that were spread stay, unless the class of this one moves them."""
    if same_but_for_starts(deadline.rules, at.rules):
        return replace(as_of(deadline, at), rules=at.mark)
    counted = _counted(deadline, at)
    if deadline.is_open:
        return with_next(replace(deadline, rules=counted.rules, period_on=counted.period_on), at.rules)
    spreadable = (day for reason, day in _ends(counted, at) if reason is not RenewalReason.REQUIREMENT_IN_FORCE)
    is_past = any(day < at.today for day in spreadable)
    return spread(deadline, at, share) if is_past else dated(counted, at)


def renewed(deadline: Deadline, at: Circumstances) -> Deadline:
    """It was accepted: what comes next is dated from today, if everything was confirmed."""
    is_whole = bool(set(deadline.reasons) - ABOUT_REQUIREMENTS)
    fresh = replace(
        deadline,
        state=DeadlineState.WAITING,
        due_at_ms=END_MS,
        reviewed_on=at.today if is_whole else deadline.reviewed_on,
        documents_on=None,
        opened_at_ms=None,
        notices=(),
        is_overdue=False,
        is_ended=False,
        confirmed_at_ms=None,
        returned=0,
    )
    return dated(_counted(fresh, at) if is_whole else fresh, at)


def _counted(deadline: Deadline, at: Circumstances) -> Deadline:
    """With the day of the next review, counted from the last one by these rules."""
    period = at.rules.period_of(at.risk)
    day = None if period is None else after(deadline.reviewed_on, period)
    return replace(deadline, risk=at.risk, rules=at.mark, period_on=day)


def _ends(deadline: Deadline, at: Circumstances) -> Iterator[tuple[RenewalReason, date]]:
    if deadline.period_on is not None:
        yield RenewalReason.PERIOD, deadline.period_on
    if at.rules.documents_must_stay_valid and at.expiries:
        yield RenewalReason.DOCUMENT_EXPIRY, max(min(at.expiries), deadline.documents_on or date.min)
    if at.starts:  # it opens on the day itself
        yield RenewalReason.REQUIREMENT_IN_FORCE, days_after(min(at.starts), at.rules.first_notice)


def _between(first: date, last: date, share: float) -> date:
    return days_after(first, int(share * max((last - first).days, 0)))
