"""What differs in when a product is due again, and what it needs: each key of the file by itself."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.domain.catalogue.catalogue import Product
from ostiary.domain.catalogue.renewal_rules import AtDeadline, CalendarPeriod, RenewalRules
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.catalogue_changes.changes import CatalogueChange, ChangeKind
from ostiary.domain.catalogue_changes.declarations import NOTHING, became, unknown_changes
from ostiary.domain.sentences import Sentence, counted, joined, sentence

_SHORTEST_MONTH_DAYS, _LONGEST_MONTH_DAYS = 28, 31
_COVERED = frozenset({"review_every", "documents_must_stay_valid", "at_deadline", "grace_days", "notice_days"})
_STAYING_VALID = {
    True: sentence("a document that runs out has to be replaced"),
    False: sentence("a document may run out"),
}
_FOLLOWS = {
    AtDeadline.KEEP_AND_REVIEW: sentence("a person decides what becomes of it"),
    AtDeadline.OFFBOARD: sentence("the client is off-boarded from that product"),
}


def renewal_changes(old: RenewalRules, new: RenewalRules) -> Iterator[CatalogueChange]:
    """Sooner, more often and with more at stake is harder; whom it is reminded by asks nothing else."""
    for risk in RiskClass:
        before, after = old.period_of(risk), new.period_of(risk)
        if before != after:
            words = (NOTHING if each is None else _every(each) for each in (before, after))
            yield became(f"review_every.{risk}", _sooner(before, after), *words)
    if old.documents_must_stay_valid is not new.documents_must_stay_valid:
        kind = ChangeKind.HARDER if new.documents_must_stay_valid else ChangeKind.EASIER
        yield CatalogueChange(kind, "documents_must_stay_valid", _STAYING_VALID[new.documents_must_stay_valid])
    if old.at_deadline is not new.at_deadline:
        kind = ChangeKind.HARDER if new.at_deadline is AtDeadline.OFFBOARD else ChangeKind.EASIER
        yield became("at_deadline", kind, _FOLLOWS[old.at_deadline], _FOLLOWS[new.at_deadline])
    if old.grace_days != new.grace_days:
        kind = ChangeKind.HARDER if new.grace_days < old.grace_days else ChangeKind.EASIER
        yield became("grace_days", kind, _days(old.grace_days), _days(new.grace_days))
    if old.notice_days != new.notice_days:
        yield became("notice_days", ChangeKind.OTHER, _before(old.notice_days), _before(new.notice_days))
    yield from unknown_changes("renewal", old, new, _COVERED)


def need_changes(old: Product, new: Product) -> Iterator[CatalogueChange]:
    """Products that have to be enabled before."""
    for product in (each for each in new.needs if each not in old.needs):
        words = sentence("has to be enabled before: %(product)s", product=product)
        yield CatalogueChange(ChangeKind.ASKED, f"needs.{product}", words)
    for product in (each for each in old.needs if each not in new.needs):
        words = sentence("need not be enabled before any more: %(product)s", product=product)
        yield CatalogueChange(ChangeKind.NO_LONGER_ASKED, f"needs.{product}", words)


def _sooner(before: CalendarPeriod | None, after: CalendarPeriod | None) -> ChangeKind:
    """Which way a period moved. Of two that differ by less than months do among themselves, it depends on the day."""
    if before is None or after is None:
        return ChangeKind.HARDER if before is None else ChangeKind.EASIER
    if _most_days(after) < _least_days(before) or _is_within(after, before):
        return ChangeKind.HARDER
    if _most_days(before) < _least_days(after) or _is_within(before, after):
        return ChangeKind.EASIER
    return ChangeKind.UNCLEAR


def _is_within(shorter: CalendarPeriod, longer: CalendarPeriod) -> bool:
    return shorter.months <= longer.months and shorter.days <= longer.days


def _least_days(period: CalendarPeriod) -> int:
    return period.months * _SHORTEST_MONTH_DAYS + period.days


def _most_days(period: CalendarPeriod) -> int:
    return period.months * _LONGEST_MONTH_DAYS + period.days


def _every(period: CalendarPeriod) -> Sentence:
    years, months = divmod(period.months, 12)
    parts = (
        (years, counted("%(num)s year", "%(num)s years", years)),
        (months, counted("%(num)s month", "%(num)s months", months)),
        (period.days, _days(period.days)),
    )
    return sentence("after %(span)s", span=joined([words for number, words in parts if number], ", "))


def _days(number: int) -> Sentence:
    return counted("%(num)s day", "%(num)s days", number)


def _before(days: tuple[int, ...]) -> Sentence:
    return sentence("%(days)s days before", days=", ".join(map(str, days)))
