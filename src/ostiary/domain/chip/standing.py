"""How a trust store is, in figures and for people: whom it believes, by country, and what of it has become old."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

LIST_AGE_MOST = timedelta(days=90)
"""New certificates of countries appear every month: a list of a quarter ago lacks several."""


class TrustDoubt(StrEnum):
    """Why whoever vouched for something does so no longer."""

    REVOKED = "revoked"  # the signer is on a revocation list
    REMOVED = "removed"  # an operator took out whoever vouched for it


class StoreState(StrEnum):
    """`absent`: no store is configured. `unreadable`: the file cannot be read; what was read before is in force."""

    ABSENT = "absent"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    OLD = "old"
    IN_ORDER = "in_order"


@dataclass(frozen=True, slots=True)
class TrustedList:
    """The newest list of a publisher."""

    publisher: str
    signed_at: datetime

    def is_old(self, now: datetime) -> bool:
        return now - self.signed_at > LIST_AGE_MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryTrust:
    """What is believed of one country. `ended` counts certificates that are over, which vouch for what was signed
    before. `sources` are the lists that have them. `revoked_of` is the day of its newest revocation list, `due` when
    the next edition is; None: there is none, or it does not say."""

    country: str
    anchors: int
    ended: int
    sources: tuple[str, ...]
    revoked_of: date | None = None
    due: date | None = None

    def is_overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustStanding:
    """All of it at a moment. `fault` says why the file cannot be read."""

    state: StoreState
    version: str = ""
    lists: tuple[TrustedList, ...] = ()
    countries: tuple[CountryTrust, ...] = ()
    seal_authorities: int = 0
    seal_signers: int = 0
    removed: int = 0
    overdue: int = 0
    fault: str = field(default="")

    @property
    def anchors(self) -> int:
        return sum(each.anchors for each in self.countries)

    @property
    def newest(self) -> datetime | None:
        """When the newest list was signed."""
        return max((each.signed_at for each in self.lists), default=None)


def state_of(anchors: int, seal_signers: int, newest: datetime | None, now: datetime) -> StoreState:
    """Of a store that can be read. One without lists does not become old: its certificates were brought one by one."""
    if not anchors and not seal_signers:
        return StoreState.EMPTY
    if newest is not None and now - newest > LIST_AGE_MOST:
        return StoreState.OLD
    return StoreState.IN_ORDER
