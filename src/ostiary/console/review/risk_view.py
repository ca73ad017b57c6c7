"""A client's class of risk as the page of a case shows it."""

from __future__ import annotations

from datetime import date

from ostiary.console.review.timeline import actor_words
from ostiary.console.words import RISK_WORDS
from ostiary.domain.clients.risk_override import MOST_YEARS
from ostiary.domain.lifecycle.risk import AssessedRisk
from ostiary.domain.times import birthday, day_starts_ms, iso_date


def risk_values(risk: AssessedRisk, today: date) -> dict[str, object]:
    """By the names that `case_risk.html` knows."""
    until = iso_date(risk.override.until) if risk.override else None
    return {
        "risk_words": RISK_WORDS,
        "risk_days": (today, birthday(today, MOST_YEARS)),
        "risk_by": actor_words(risk.override.actor) if risk.override else "",
        "risk_until_ms": day_starts_ms(until) if until else 0,
    }
