"""An operator's own word on how much risk a client is, which counts instead of the rules until its day is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import date

from ostiary.domain.catalogue.field_rules import text_fault
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.errors import Fault, ValidationFailed
from ostiary.domain.sentences import joined, sentence
from ostiary.domain.times import DAY_MS, birthday, day_starts_ms, iso_date
from ostiary.domain.value import value_type

REASON_CHARACTERS = 4_000
"""As an operator's note: a page of reasons."""
MOST_YEARS = 1
"""From the day on which it is set: AMLR (EU) 2024/1624 article 26(2) has clients of higher risk looked at anew within a
year, and nobody's word should hold longer than that unseen."""


@value_type
class RiskWish:
    """What an operator says. `until` is the last day (UTC) on which it counts, YYYY-MM-DD."""

    risk_class: str
    until: str
    reason: str = field(repr=False)


@value_type
class RiskOverride:
    """What was said, as it is kept. `reason` is for operators alone; `actor` is who said it, as audit entries name an
    operator."""

    risk_class: RiskClass
    until: str
    reason: str = field(repr=False)
    actor: str
    at_ms: int

    def counts_on(self, today: date) -> bool:
        last = iso_date(self.until)
        return last is not None and today <= last

    @property
    def ends_at_ms(self) -> int:
        """The beginning of the first day on which it counts no more. Raises ValueError for a day that is none."""
        return day_starts_ms(date.fromisoformat(self.until)) + DAY_MS


def override_of(wish: RiskWish, actor: str, at_ms: int, today: date) -> RiskOverride:
    """What is kept. Raises ValidationFailed with everything that is wrong."""
    faults = tuple(Fault(name, "VALUE_INVALID", joined((name, problem))) for name, problem in _problems(wish, today))
    if faults:
        raise ValidationFailed(joined([each.message for each in faults], "; "), faults=faults)
    return RiskOverride(
        risk_class=RiskClass(wish.risk_class), until=wish.until, reason=wish.reason, actor=actor, at_ms=at_ms
    )


def _problems(wish: RiskWish, today: date) -> Iterator[tuple[str, str]]:
    if wish.risk_class not in set(RiskClass):
        yield "class", sentence("must be one of %(words)s", words=", ".join(RiskClass))
    last, latest = iso_date(wish.until), birthday(today, MOST_YEARS)
    if last is None or not today <= last <= latest:
        yield (
            "until",
            sentence("must be a day from %(first)s to %(last)s, as YYYY-MM-DD", first=str(today), last=str(latest)),
        )
    if problem := text_fault(wish.reason, REASON_CHARACTERS):
        yield "reason", problem
