"""Whether a list is as it should be."""

from __future__ import annotations

import pytest

from ostiary.domain.screening.list_watch import age_ms, list_fault
from ostiary.domain.screening.subject import ListStanding
from ostiary.domain.times import DAY_MS

NOW = 100 * DAY_MS


@pytest.mark.parametrize(
    ("standing", "most_age_ms", "words"),
    [
        (ListStanding("v", 5, NOW), 7 * DAY_MS, ""),
        (ListStanding("v", 5, NOW - 7 * DAY_MS), 7 * DAY_MS, ""),
        (ListStanding("v", 5, NOW - 9 * DAY_MS), 7 * DAY_MS, "is 9 days old; more than 7 are too many"),
        (ListStanding("v", 5, NOW - 9 * DAY_MS), None, ""),
        (ListStanding("v", None, None), 7 * DAY_MS, ""),
        (ListStanding("v", 0, NOW), 7 * DAY_MS, "holds no person"),
        (
            ListStanding("v", 5, NOW, "x: line 3: odd", 3),
            7 * DAY_MS,
            "is not used, the one before it answers: x: line 3: odd",
        ),
    ],
)
def test_what_is_wrong_with_a_list(standing: ListStanding, most_age_ms: int | None, words: str) -> None:
    fault = list_fault(standing, most_age_ms, NOW)
    assert (words in fault) if words else (fault == "")


def test_a_list_of_tomorrow_is_not_old() -> None:
    assert age_ms(ListStanding("v", 5, NOW + 5), NOW) == 0
    assert age_ms(ListStanding("v"), NOW) is None
