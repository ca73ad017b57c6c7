"""Whether a list is as it should be: readable, not empty, not stale."""

from __future__ import annotations

from ostiary.domain.screening.subject import ListStanding
from ostiary.domain.times import DAY_MS


def age_ms(standing: ListStanding, now_ms: int) -> int | None:
    """How old a list is; None if it does not say."""
    return None if standing.of_ms is None else max(0, now_ms - standing.of_ms)


def list_fault(standing: ListStanding, most_age_ms: int | None, now_ms: int) -> str:
    """What is wrong with a list that answers, in words; empty: nothing."""
    if standing.problem:
        return f"the file that lies there now is not used, the one before it answers: {standing.problem}"
    if standing.persons == 0:
        return "holds no person, so that it finds nobody"
    age = age_ms(standing, now_ms)
    if age is not None and most_age_ms is not None and age > most_age_ms:
        return f"is {age // DAY_MS} days old; more than {most_age_ms // DAY_MS} are too many"
    return ""
