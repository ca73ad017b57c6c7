"""How a renewal goes on: it opens, notices are given, it is submitted, sent back, and ends."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ostiary.domain.catalogue.renewal_rules import RenewalRules
from ostiary.domain.renewals.calendar import day_ends_ms, days_after
from ostiary.domain.renewals.deadlines import (
    ABOUT_REQUIREMENTS,
    LEAST_NOTICE_DAYS,
    Deadline,
    DeadlineState,
    RenewalReason,
    joined,
    on_time,
    with_next,
)
from ostiary.domain.times import END_MS, day_of
from ostiary.domain.value import replace


class RenewalStep(StrEnum):
    """What a day brings."""

    OPENED = "opened"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ENDED = "ended"


def opened(deadline: Deadline, reasons: Sequence[RenewalReason], rules: RenewalRules, now_ms: int) -> Deadline:
    """The renewal as it is once something happened: open, with these reasons beside those it has. It is due as soon as
    it was, or once the first notice has run out.

    One that is submitted stays before who has it, who sees what happened.
    """
    today = day_of(now_ms)
    if deadline.is_open:
        added = joined(deadline.reasons, reasons)
        again = set(added) - set(deadline.reasons) - ABOUT_REQUIREMENTS
        is_new = bool(again) and not deadline.is_submitted
        return replace(deadline, reasons=added, confirmed_at_ms=None if is_new else deadline.confirmed_at_ms)
    days = max(rules.first_notice, LEAST_NOTICE_DAYS)
    due = min(deadline.due_at_ms, day_ends_ms(days_after(today, days)))
    near = due == deadline.due_at_ms
    because = joined(deadline.reasons if near else (), reasons)
    timed = on_time(replace(deadline, reasons=because, due_at_ms=due), rules)
    return _begun(timed, rules, now_ms)


def taken(deadline: Deadline, rules: RenewalRules, now_ms: int) -> tuple[Deadline, RenewalStep | None]:
    """The deadline after the next thing that is due by now, and what that is; None when nothing is.

    Of notices that were missed (nobody was running) only the last one is given. Nothing ends without a word that it is
    overdue.
    """
    if deadline.next_at_ms > now_ms or deadline.is_submitted:
        return with_next(deadline, rules), None
    if not deadline.is_open:
        return _begun(deadline, rules, now_ms), RenewalStep.OPENED
    if deadline.is_overdue:
        return with_next(replace(deadline, is_ended=True), rules), RenewalStep.ENDED
    if now_ms > deadline.due_at_ms:
        return with_next(_noted(replace(deadline, is_overdue=True), rules, now_ms), rules), RenewalStep.OVERDUE
    return with_next(_noted(deadline, rules, now_ms), rules), RenewalStep.DUE_SOON


def confirmed(deadline: Deadline, now_ms: int) -> Deadline:
    """Somebody said that what is known is right."""
    return replace(deadline, confirmed_at_ms=now_ms)


def submitted(deadline: Deadline, machine_ms: int) -> Deadline:
    """A provider or a person has it: until it comes back the days do not count."""
    return replace(
        deadline,
        state=DeadlineState.SUBMITTED,
        attempt=deadline.attempt + 1,
        next_at_ms=END_MS,
        submitted_at_ms=machine_ms,
    )


def sent_back(deadline: Deadline, rules: RenewalRules, now_ms: int) -> Deadline:
    """It was not accepted as it is: open again. What follows is as far away as the days of grace, at the least."""
    ends = max(deadline.ends_at_ms, day_ends_ms(days_after(day_of(now_ms), rules.grace_days)))
    again = replace(deadline, state=DeadlineState.OPEN, ends_at_ms=ends, returned=deadline.returned + 1, is_ended=False)
    return with_next(again, rules)


def days_left(deadline: Deadline, now_ms: int) -> int:
    """Whole days from today to the day on which it is due; below 0 once that has passed."""
    return (deadline.due_on - day_of(now_ms)).days


def _begun(deadline: Deadline, rules: RenewalRules, now_ms: int) -> Deadline:
    begun = replace(deadline, state=DeadlineState.OPEN, opened_at_ms=now_ms, notices=())
    return with_next(_noted(begun, rules, now_ms), rules)


def _noted(deadline: Deadline, rules: RenewalRules, now_ms: int) -> Deadline:
    """Every notice whose day has come counts as given."""
    left = days_left(deadline, now_ms)
    return replace(deadline, notices=tuple(days for days in rules.notice_days if days >= left))
