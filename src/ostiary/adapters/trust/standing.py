"""How the trust store stands: whom it believes now, for whom it once vouched, and what of it is old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from ostiary.adapters.trust.store import EntryKind, StoreEntry, TrustStore
from ostiary.domain.chip.standing import CountryTrust, TrustedList, TrustStanding, state_of


def standing_of(store: TrustStore, now: datetime) -> TrustStanding:
    """Of a store that was read. `now` is UTC."""
    anchors, lists = store.of(EntryKind.ANCHOR), store.of(EntryKind.LIST)
    crls = store.of(EntryKind.CRL)
    listed = tuple(TrustedList(each.country, _moment(each.begin)) for each in lists)
    signers = len(store.of(EntryKind.SEAL_SIGNER))
    newest = max((each.signed_at for each in listed), default=None)
    today = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return TrustStanding(
        state=state_of(len(anchors), signers, newest, now),
        version=store.version,
        lists=listed,
        countries=tuple(_country(each, anchors, crls, today) for each in sorted({each.country for each in anchors})),
        seal_authorities=len(store.of(EntryKind.SEAL_AUTHORITY)),
        seal_signers=signers,
        removed=len(store.of(EntryKind.REMOVED)),
        overdue=sum(bool(each.end) and each.end < today for each in crls),
    )


def _country(country: str, anchors: Iterable[StoreEntry], crls: Iterable[StoreEntry], today: str) -> CountryTrust:
    own = [each for each in anchors if each.country == country]
    newest = max((each for each in crls if each.country == country), key=lambda each: each.begin, default=None)
    return CountryTrust(
        country=country,
        anchors=len(own),
        ended=sum(each.end < today for each in own),
        sources=tuple(sorted({source for each in own for source in each.sources})),
        revoked_of=None if newest is None else _moment(newest.begin).date(),
        due=_day(newest),
    )


def _day(entry: StoreEntry | None) -> date | None:
    return _moment(entry.end).date() if entry is not None and entry.end else None


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
