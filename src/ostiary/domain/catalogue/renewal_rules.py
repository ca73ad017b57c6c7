"""How long what is known of an enabled client counts, as a product declares it. A product that says nothing is never
due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ostiary.domain.catalogue.risk_classes import RiskClass

MOST_NOTICES = 10
"""Of one deadline: more than a month of weekly reminders is what people learn to overlook."""
MOST_NOTICE_DAYS = 365
MOST_GRACE_DAYS = 365
"""Whoever has a year more than the deadline has no deadline."""
USUAL_NOTICE_DAYS = (90, 30, 7, 0)
"""A passport takes weeks to be renewed; who has missed two letters reads the one that says tomorrow."""
USUAL_GRACE_DAYS = 30


class AtDeadline(StrEnum):
    """What follows when a renewal is not completed in time. `keep_and_review`: the product stays enabled and a person
    looks. `offboard`: the product ends."""

    KEEP_AND_REVIEW = "keep_and_review"
    OFFBOARD = "offboard"


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """A span of the calendar: ISO 8601, `P1Y6M`. How long it is depends on when it begins."""

    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        parts = ((years, "Y"), (months, "M"), (self.days, "D"))
        return "P" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0D")


@dataclass(frozen=True, slots=True)
class RenewalRules:
    """When an enabled request is due again, and what follows.

    `review_every` says for each class after how long everything known of the client is confirmed (empty: never).
    `notice_days` are days before the deadline, most first. `grace_days` lie between the deadline and what follows.
    `starts` are the days on which entries of the catalogue start to count for everybody, `terms` stand for the versions
    of terms that bind whoever asked before.
    """

    review_every: tuple[tuple[RiskClass, CalendarPeriod], ...] = ()
    documents_must_stay_valid: bool = False
    notice_days: tuple[int, ...] = USUAL_NOTICE_DAYS
    at_deadline: AtDeadline = AtDeadline.KEEP_AND_REVIEW
    grace_days: int = USUAL_GRACE_DAYS
    starts: tuple[date, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def ask_anything(self) -> bool:
        """Whether a request can be due at all."""
        return self.follow_events or bool(self.terms)

    @property
    def follow_events(self) -> bool:
        """Whether something that happens to a client opens a renewal. Terms that bind are asked for by themselves: they
        say nothing of how well the client is to be known."""
        return bool(self.review_every) or self.documents_must_stay_valid or bool(self.starts)

    @property
    def first_notice(self) -> int:
        """Days before the deadline from which a renewal is open."""
        return self.notice_days[0] if self.notice_days else 0

    def period_of(self, risk: RiskClass) -> CalendarPeriod | None:
        """After how long a client of that class is reviewed again."""
        return dict(self.review_every).get(risk)


NO_RENEWALS = RenewalRules()
