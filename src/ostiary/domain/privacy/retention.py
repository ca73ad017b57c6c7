"""Retention: how long what is kept, why, and since when.

AMLR art. 77 has what was gathered of a client kept for five years after the relation ended or was refused, and deleted
then. So a client's clock starts when nothing of it is live any more; which rule counts depends on how it came there.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Status
from ostiary.domain.renewals.calendar import after
from ostiary.domain.sentences import N_
from ostiary.domain.times import DAY_MS, day_of, day_starts_ms
from ostiary.domain.value import value_type

LAW_YEARS = 5
"""AMLR art. 77(3); also art. 40 of Directive (EU) 2015/849, and 31 CFR 1020.220(a)(3)(ii)."""


SHORTEST_MONTH_DAYS, LONGEST_MONTH_DAYS = 28, 31


class Category(StrEnum):
    """What is kept for how long: clients by how their relation ended, and what is kept beside them."""

    ENDED = "ended"
    REFUSED = "refused"
    NEVER_SUBMITTED = "never_submitted"
    DELIVERIES = "deliveries"
    LINKS = "links"
    SIGN_INS = "sign_ins"


OF_CLIENTS = (Category.ENDED, Category.REFUSED, Category.NEVER_SUBMITTED)


@value_type
class Rule:
    """How long one category is kept and why. `by_itself`: erased when that is over, without anybody asking."""

    category: Category
    period: CalendarPeriod
    reason: str
    by_itself: bool = False


Rules = Mapping[Category, Rule]
FIVE_YEARS = CalendarPeriod(12 * LAW_YEARS)
_AMLR = "AMLR art. 77: five years after the relation ended or was refused"
USUAL: Rules = MappingProxyType(
    {
        rule.category: rule
        for rule in (
            Rule(Category.ENDED, FIVE_YEARS, _AMLR),
            Rule(Category.REFUSED, FIVE_YEARS, _AMLR),
            Rule(Category.NEVER_SUBMITTED, CalendarPeriod(), "no relation, and no decision on one"),
            Rule(
                Category.DELIVERIES,
                CalendarPeriod(days=30),
                "a partner's questions about what was sent",
                by_itself=True,
            ),
            Rule(Category.LINKS, CalendarPeriod(days=30), "a client's questions about a link", by_itself=True),
            Rule(
                Category.SIGN_INS,
                CalendarPeriod(days=1),
                "attempts to sign in that somebody looks into",
                by_itself=True,
            ),
        )
    }
)
"""Without a file: what the law wants kept is, and no client is erased by itself."""


@value_type
class Standing:
    """How a client stands: of which category since when, and when that is over. `since_ms` None: something is live."""

    category: Category
    since_ms: int | None = None
    due_at_ms: int | None = None

    @property
    def is_live(self) -> bool:
        return self.since_ms is None


def standing_of(dossier: Dossier, was_enabled: bool, rules: Rules) -> Standing:
    """`was_enabled`: whether any of its requests ever was (the audit trail says so). What was never submitted is live
    as long as its period runs from the last that happened, since the client may come back to it."""
    requests = dossier.enablements
    if any(each.status in (Status.ENABLED, Status.IN_KYC) for each in requests):
        return Standing(Category.ENDED)
    if any(each.is_live and (each.attempt or each.status not in OPEN_TO_DOCUMENTS) for each in requests):
        return Standing(Category.REFUSED)  # sent back: a decision is to come
    if was_enabled:
        category = Category.ENDED
    elif any(each.attempt for each in requests):
        category = Category.REFUSED
    else:
        category = Category.NEVER_SUBMITTED
    moments = [each.updated_at_ms for each in requests] or [dossier.client.created_at_ms]
    if category is Category.NEVER_SUBMITTED:
        moments.append(dossier.client.updated_at_ms)
    since = max(moments)
    return Standing(category, since, over_ms(since, rules[category].period))


def over_ms(since_ms: int, period: CalendarPeriod) -> int:
    """When a period is over that began at a moment: with the day that lies so much later; one of no time at once."""
    if period == CalendarPeriod():
        return since_ms
    return day_starts_ms(after(day_of(since_ms), period)) + DAY_MS


def kept_ms(rule: Rule) -> int:
    """How long at least, in milliseconds: a month counts as its longest."""
    return (rule.period.months * LONGEST_MONTH_DAYS + rule.period.days) * DAY_MS


def may_be_over_ms(now_ms: int, rules: Rules) -> int | None:
    """Of clients that came after this no period is over by any of the rules; None: there are none."""
    days = [rule.period.months * SHORTEST_MONTH_DAYS + rule.period.days for rule in rules.values()]
    return now_ms - min(days) * DAY_MS if days else None


NAMES: Mapping[Category, str] = {
    Category.ENDED: N_("enabled, then ended"),
    Category.REFUSED: N_("refused"),
    Category.NEVER_SUBMITTED: N_("never submitted"),
    Category.DELIVERIES: N_("deliveries"),
    Category.LINKS: N_("links for clients"),
    Category.SIGN_INS: N_("attempts to sign in"),
}
