"""Whose signatures on chips and on paper are believed: by country, with where that is from and what of it is old."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.chip.standing import StoreState
from ostiary.domain.sentences import N_
from ostiary.html.answers import Page

STATES: Mapping[StoreState, tuple[str, str, str]] = {
    StoreState.ABSENT: ("", N_("none"), N_("There is no trust store: no chip and no seal is believed.")),
    StoreState.UNREADABLE: ("bad", N_("not right"), N_("The trust store cannot be read; what was read before counts.")),
    StoreState.EMPTY: ("warn", N_("empty"), N_("The trust store holds nobody's certificate: nothing is believed.")),
    StoreState.OLD: (
        "warn",
        N_("old"),
        N_("The newest list is of more than a quarter ago: certificates that came since are missing."),
    ),
    StoreState.IN_ORDER: ("good", N_("in order"), ""),
}
"""How each is shown: the kind of its mark, its words, and what it means."""


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Everybody who is signed in may know it: certificates are public."""
    now = datetime.fromtimestamp(console.context.now_ms() / 1000, UTC)
    standing = await console.context.trust.standing(now)
    kind, words, meaning = STATES[standing.state]
    values = {
        "standing": standing,
        "kind": kind,
        "words": words,
        "meaning": meaning,
        "lists": [
            (each.publisher, _ms(each.signed_at), _ms(now) - _ms(each.signed_at), each.is_old(now))
            for each in standing.lists
        ],
        "countries": [
            (each, None if each.revoked_of is None else _day_ms(each.revoked_of), each.is_overdue(now.date()))
            for each in standing.countries
        ],
    }
    return Page(template="trust.html", title="Trust store", values=values)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _day_ms(day: date) -> int:
    return _ms(datetime(day.year, day.month, day.day, tzinfo=UTC))
