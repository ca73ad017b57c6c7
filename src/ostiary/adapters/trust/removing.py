"""Taking out of a store whom an operator no longer believes: a country's certificate, or one of seals on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ostiary.adapters.trust.importing import written
from ostiary.adapters.trust.store import EntryKind, StoreEntry, TrustStore, ordered
from ostiary.domain.errors import Refused

_REMOVABLE = (EntryKind.ANCHOR, EntryKind.SEAL_AUTHORITY, EntryKind.SEAL_SIGNER)


def removed(store: TrustStore, digest: str, reason: str, now: datetime) -> TrustStore:
    """The store without a certificate, which no import brings back. Refused for one that it does not have."""
    leaving = next((each for each in store.entries if each.kind in _REMOVABLE and each.sha256 == digest), None)
    if leaving is None:
        raise Refused(f"There is no anchor {digest} in the store; `ostiary trust list` shows those there are.")
    gone = StoreEntry(
        kind=EntryKind.REMOVED,
        sha256=digest,
        country=leaving.country,
        subject=leaving.subject,
        begin=written(now),
        note=reason,
    )
    return ordered([*_without(store, digest), gone])


def _without(store: TrustStore, digest: str) -> Iterator[StoreEntry]:
    """Signers of seals that this one alone certified go with it."""
    for each in store.entries:
        if each.kind in _REMOVABLE and each.sha256 == digest:
            continue
        if each.kind is EntryKind.SEAL_SIGNER and digest in each.sources:
            each = replace(each, sources=tuple(source for source in each.sources if source != digest))
            if not each.sources:
                continue
        yield each
