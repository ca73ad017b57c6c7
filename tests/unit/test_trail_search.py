"""The order of entries that a search gives, and the place that stands in an address."""

from __future__ import annotations

import pytest

from ostiary.domain.audit.search import NEWEST, TrailPlace, newest_first, place_of_entry, trail_place
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.times import END_MS
from tests.material import CLIENT_ID, COMPANY_ID, NOW_MS


def entry(at_ms: int, owner: str = CLIENT_ID, position: int = 1) -> AuditEntry:
    return AuditEntry(COMPANY_ID, owner, position, at_ms, "looked", "operator:ana", owner, (), b"")


def test_trails_are_one_list_newest_first() -> None:
    acme = [entry(9), entry(5, position=3), entry(5, position=2)]
    other = [entry(7, COMPANY_ID), entry(1, COMPANY_ID)]
    assert [each.at_ms for each in newest_first([acme, other], 10)] == [9, 7, 5, 5, 1]
    assert [each.position for each in newest_first([acme, other], 4)] == [1, 1, 3, 2]
    assert newest_first([], 3) == ()


def test_a_place_is_read_as_it_is_written() -> None:
    place = place_of_entry(entry(NOW_MS, position=7))
    assert place == TrailPlace(NOW_MS, CLIENT_ID, 7)
    assert trail_place(place.text()) == place
    assert trail_place("") == NEWEST == TrailPlace(END_MS, "", 0)


@pytest.mark.parametrize(
    "text", ["x", "1", "1.x.1", f"1.{CLIENT_ID}", f"-1.{CLIENT_ID}.1", f"1.{CLIENT_ID}.x", f"{'9' * 14}.{CLIENT_ID}.1"]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValidationFailed, match="after must be"):
        trail_place(text)
