"""When an enabled request is due again, and how its renewal stands: one value for each request, moved by functions.

A renewal opens at the first notice before the deadline, or at once when something happens. Its deadline is the end of a
UTC day. What is missing is not here: that is judged at every read, as for a first submission.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from operator import itemgetter

from ostiary.domain.catalogue.renewal_rules import RenewalRules
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.renewals.calendar import day_ends_ms, days_after
from ostiary.domain.times import END_MS, day_of, day_starts_ms
from ostiary.domain.value import replace, value_type

LEAST_NOTICE_DAYS = 30
"""A deadline that would lie in the past when it becomes known (a class was raised, a catalogue shortened a period) is
so many days ahead instead: nobody misses one that nobody could know."""


class RenewalReason(StrEnum):
    """Why a request is renewed; wire-stable."""

    PERIOD = "period"
    DOCUMENT_EXPIRY = "document_expiry"
    NAME_CHANGED = "name_changed"
    ADDRESS_CHANGED = "address_changed"
    COUNTRY_CHANGED = "country_changed"
    LIST_HIT = "list_hit"
    OPERATOR = "operator"
    PROVIDER = "provider"
    REQUIREMENT_IN_FORCE = "requirement_in_force"


ABOUT_REQUIREMENTS = frozenset({RenewalReason.DOCUMENT_EXPIRY, RenewalReason.REQUIREMENT_IN_FORCE})
"""Reasons that ask for what they name and nothing else: nobody confirms anything for them."""


def joined(old: Collection[RenewalReason], new: Collection[RenewalReason]) -> tuple[RenewalReason, ...]:
    """All reasons, each once, in the order in which they came."""
    return tuple(dict.fromkeys((*old, *new)))


NEVER_TOLD = frozenset({RenewalReason.LIST_HIT})
"""Reasons that nobody outside learns of: to say that a list names somebody may tip them off (AMLR, (EU) 2024/1624,
article 73)."""


def told_reasons(reasons: Collection[RenewalReason]) -> tuple[RenewalReason, ...]:
    """Reasons as companies and clients are told them: one that they must not learn of is an operator's wish."""
    return joined((), [RenewalReason.OPERATOR if reason in NEVER_TOLD else reason for reason in reasons])


TOLD_REASONS = told_reasons(tuple(RenewalReason))


class DeadlineState(StrEnum):
    """`waiting` until the renewal opens, `submitted` while a provider or a person has it."""

    WAITING = "waiting"
    OPEN = "open"
    SUBMITTED = "submitted"


@value_type(kw_only=True)
class Deadline:
    """When one enabled request is due again, and how its renewal stands.

    `due_at_ms` is the last moment in time, `ends_at_ms` the last of the days of grace; both `END_MS` where nothing is
    due. `next_at_ms` is when there is something to do.

    `reviewed_on` is when everything known of the client was confirmed last, `period_on` until when that counts,
    `documents_on` the first day on which a document that ran out matters. `reasons` are those of the renewal, or
    (waiting) of what it will be. `submitted_at_ms` is by the machine's clock, as what providers say. `attempt` counts
    submissions of renewals since the request was enabled, `returned` how often this one came back. `rules` stands for
    those that the dates were worked out by (`rules_mark`).
    """

    company_id: str
    client_id: str
    enablement_id: str
    product: str
    state: DeadlineState
    due_at_ms: int
    ends_at_ms: int
    next_at_ms: int
    reviewed_on: date
    risk: RiskClass
    rules: str
    reasons: tuple[RenewalReason, ...] = ()
    opened_at_ms: int | None = None
    notices: tuple[int, ...] = ()
    is_overdue: bool = False
    is_ended: bool = False
    confirmed_at_ms: int | None = None
    attempt: int = 0
    returned: int = 0
    submitted_at_ms: int | None = None
    period_on: date | None = None
    documents_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a renewal: the company may send what is missing, or has submitted it."""
        return self.state is not DeadlineState.WAITING

    @property
    def is_submitted(self) -> bool:
        return self.state is DeadlineState.SUBMITTED

    @property
    def due_on(self) -> date:
        """The day at whose end it is due."""
        return day_of(self.due_at_ms) if self.due_at_ms < END_MS else date.max

    @property
    def valid_on(self) -> date:
        """The day on which documents have to be valid for the renewal: the first after the deadline."""
        return days_after(self.due_on, 1)

    @property
    def needs_confirmation(self) -> bool:
        """Whether somebody has to say that what is known is still right."""
        return self.confirmed_at_ms is None and bool(set(self.reasons) - ABOUT_REQUIREMENTS)


@value_type
class DeadlineLine:
    """A line of a list: the deadline, or (None) that its row does not open, and the name of why."""

    client_id: str
    enablement_id: str
    due_at_ms: int
    deadline: Deadline | None
    problem: str = ""


_TERMS_DIGITS = 16
"""Hexadecimal digits that stand for all terms that bind. Two sets that were taken for one would keep a date."""
_OF_RISK = "#"
"""Before what stands for rules of risk."""
_LASTING_PARTS = 5
"""Of a mark: what is in front of the days and terms that start, and of the rules that give clients their class."""


def rules_mark(rules: RenewalRules, risk_rules: str = "") -> str:
    """What stands for rules, so that it shows when they are others. `risk_rules` stands for those that give clients
    their class, where there are any."""
    every = ",".join(f"{risk.value}={period}" for risk, period in sorted(rules.review_every, key=itemgetter(0)))
    notices = ",".join(map(str, rules.notice_days))
    valid = "v" if rules.documents_must_stay_valid else ""
    starts = "".join(f"|{day}" for day in rules.starts)
    terms = f"|{sha256(' '.join(rules.terms).encode()).hexdigest()[:_TERMS_DIGITS]}" if rules.terms else ""
    of_risk = f"|{_OF_RISK}{risk_rules}" if risk_rules else ""
    return f"{every}|{valid}|{notices}|{rules.at_deadline.value}|{rules.grace_days}{starts}{terms}{of_risk}"


def same_but_for_starts(mark: str, rules: RenewalRules) -> bool:
    """Whether rules differ from those that a mark stands for in nothing but what starts to be asked for, and what gives
    clients their class."""
    return mark.split("|")[:_LASTING_PARTS] == rules_mark(rules).split("|")[:_LASTING_PARTS]


@value_type
class Circumstances:
    """What dates follow from: the rules, the client's class, until when its documents are good, and which day it is.
    `starts` are the days from which something is missing that nobody was asked for when the request was judged.
    `risk_rules` stands for the rules that give the class."""

    rules: RenewalRules
    risk: RiskClass
    expiries: tuple[date, ...]
    today: date
    starts: tuple[date, ...] = ()
    risk_rules: str = ""

    @property
    def mark(self) -> str:
        """What stands for all the rules (`rules_mark`)."""
        return rules_mark(self.rules, self.risk_rules)


def on_time(deadline: Deadline, rules: RenewalRules) -> Deadline:
    """The deadline with the end of its grace, and the day on which it opens."""
    ends = day_ends_ms(days_after(deadline.due_on, rules.grace_days))
    return with_next(replace(deadline, ends_at_ms=ends), rules)


def with_next(deadline: Deadline, rules: RenewalRules) -> Deadline:
    """The deadline with when there is something to do next."""
    return replace(deadline, next_at_ms=_next_ms(deadline, rules))


def _next_ms(deadline: Deadline, rules: RenewalRules) -> int:
    if deadline.is_submitted or deadline.is_ended or deadline.due_at_ms >= END_MS:
        return END_MS
    if not deadline.is_open:
        return _notice_ms(deadline, rules.first_notice)
    to_come = [days for days in rules.notice_days if days not in deadline.notices]
    if to_come and not deadline.is_overdue:
        return _notice_ms(deadline, max(to_come))
    return deadline.ends_at_ms + 1 if deadline.is_overdue else deadline.due_at_ms + 1


def _notice_ms(deadline: Deadline, days: int) -> int:
    """The beginning of the day that many days before the deadline."""
    due = deadline.due_on
    return day_starts_ms(due - timedelta(days=min(days, (due - date(1970, 1, 1)).days)))
