"""When a product's enabled requests are due again: `review_every` and what goes with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import yaml

from ostiary.adapters.config.entries import FileEntry, text_of
from ostiary.domain.catalogue.catalogue import Eyes, Product
from ostiary.domain.catalogue.in_force import renewal_rules_of
from ostiary.domain.catalogue.renewal_rules import (
    MOST_GRACE_DAYS,
    MOST_NOTICE_DAYS,
    MOST_NOTICES,
    USUAL_GRACE_DAYS,
    USUAL_NOTICE_DAYS,
    AtDeadline,
    CalendarPeriod,
    RenewalRules,
)
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.renewals.calendar import after, period_from

RENEWAL_KEYS = ("review_every", "documents_must_stay_valid", "notice_days", "at_deadline", "grace_days")
_CLASSES = tuple(risk.value for risk in RiskClass)
_CONSEQUENCES = tuple(each.value for each in AtDeadline)
_ANY_DAY = date(2000, 1, 1)
LONGEST_PERIOD_YEARS = 20
"""No rule of any country lets what is known of a client count for longer; more is a typing error."""


def read_renewal(entry: FileEntry, four_eyes: Collection[Eyes]) -> RenewalRules:
    """The rules of one product. Without `review_every` and `documents_must_stay_valid` nothing is ever due."""
    at_deadline = AtDeadline(entry.choice("at_deadline", _CONSEQUENCES) or AtDeadline.KEEP_AND_REVIEW)
    grace = entry.whole("grace_days", 0, MOST_GRACE_DAYS)
    rules = RenewalRules(
        review_every=tuple(_periods(entry)),
        documents_must_stay_valid=entry.flag("documents_must_stay_valid", default=False),
        notice_days=tuple(_notice_days(entry)) or USUAL_NOTICE_DAYS,
        at_deadline=at_deadline,
        grace_days=USUAL_GRACE_DAYS if grace is None else grace,
    )
    _judge_notices(entry, rules)
    if at_deadline is AtDeadline.OFFBOARD and Eyes.OFFBOARD in four_eyes:
        message = "'four_eyes' wants two people to off-board somebody, and a deadline is none: use keep_and_review"
        entry.fault("at_deadline", "two_people_needed", message)
    return rules


def judge_renewal(entry: FileEntry, product: Product) -> None:
    """What says nothing, since nothing is ever due, is a fault."""
    if renewal_rules_of(product).ask_anything:
        return
    for key in ("notice_days", "at_deadline", "grace_days"):
        if entry.node(key) is not None:
            message = "nothing is ever due: say when with 'review_every' or 'documents_must_stay_valid: true'"
            entry.fault(key, "nothing_due", message)


def _judge_notices(entry: FileEntry, rules: RenewalRules) -> None:
    """A renewal that opens as soon as the last one has ended is none."""
    days = min(((after(_ANY_DAY, period) - _ANY_DAY).days for _, period in rules.review_every), default=None)
    if days is not None and days <= rules.first_notice:
        message = (
            f"the first notice is {rules.first_notice} days before a deadline, and a deadline {days} days after "
            "the last one: a renewal would always be open; say fewer days with 'notice_days'"
        )
        entry.fault("notice_days" if entry.node("notice_days") else "review_every", "always_open", message)


def _periods(entry: FileEntry) -> Iterator[tuple[RiskClass, CalendarPeriod]]:
    """One period for all classes, or one for each."""
    node = entry.node("review_every")
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        period = _period(entry, node)
        if period is not None:
            yield from ((risk, period) for risk in RiskClass)
        return
    classes = FileEntry(entry.faults, node, node, _CLASSES)
    for risk in RiskClass:
        value = classes.needed(risk.value)
        period = None if value is None else _period(entry, value)
        if period is not None:
            yield risk, period


def _period(entry: FileEntry, node: yaml.Node) -> CalendarPeriod | None:
    text = text_of(entry.faults, node)
    if text is None:
        return None
    period = period_from(text)
    if period is None:
        entry.faults.add(node, "bad_period", "must be a period of ISO 8601 in years, months and days, as P5Y or P18M")
    elif after(_ANY_DAY, period) > _ANY_DAY.replace(year=_ANY_DAY.year + LONGEST_PERIOD_YEARS):
        entry.faults.add(node, "bad_period", f"must be {LONGEST_PERIOD_YEARS} years at the most")
    return period


def _notice_days(entry: FileEntry) -> Iterator[int]:
    """Days before the deadline, most first."""
    nodes = entry.items("notice_days")
    if len(nodes) > MOST_NOTICES:
        entry.fault("notice_days", "too_many", f"a deadline has at most {MOST_NOTICES} notices")
    numbers = [_days(entry, node) for node in nodes]
    yield from sorted({number for number in numbers if number is not None}, reverse=True)


def _days(entry: FileEntry, node: yaml.Node) -> int | None:
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:int" and node.value.isdecimal():
        number = int(node.value[:9])
        if number <= MOST_NOTICE_DAYS:
            return number
    entry.faults.add(node, "wrong_number", f"must be a whole number of days from 0 to {MOST_NOTICE_DAYS}")
    return None
