"""The trust store as use cases see it: how it stands, and whether it still vouches for what it once vouched for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime

from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.domain.chip.standing import StoreState, TrustDoubt, TrustStanding
from ostiary.domain.errors import Refused


class StoredTrust:
    """Implements `usecases.context.TrustView`. Files are read in threads; what reads them is imported when it is first
    asked for."""

    def __init__(self, in_force: TrustInForce) -> None:
        self._in_force = in_force

    @property
    def is_configured(self) -> bool:
        return self._in_force.path is not None

    async def standing(self, now: datetime) -> TrustStanding:
        """Of the file as it is now."""
        return await asyncio.to_thread(self._standing, now)

    async def version(self) -> str:
        """Of what is in force, after a look at whether the file is another one. Raises Refused, OSError."""
        return await asyncio.to_thread(self._looked_at)

    async def doubt_of(self, serial: str, anchors: Iterable[str]) -> TrustDoubt | None:
        """Whether a signer is revoked, or who vouched for it (SHA-256) was taken out by an operator and nobody else of
        them is left. One that a newer list does not have any more is no doubt: lists drop what has ended. Raises
        Refused, OSError."""
        return await asyncio.to_thread(self._doubt_of, serial, tuple(anchors))

    def _looked_at(self) -> str:
        self._in_force.follow()
        return self._in_force.trust().version

    def _standing(self, now: datetime) -> TrustStanding:
        from ostiary.adapters.trust.standing import standing_of  # with what verifies, which few processes need
        from ostiary.adapters.trust.store import read_store

        if self._in_force.path is None:
            return TrustStanding(state=StoreState.ABSENT)
        try:
            return standing_of(read_store(self._in_force.path), now)
        except (Refused, OSError) as fault:
            return TrustStanding(state=StoreState.UNREADABLE, version=self._in_force.version or "", fault=str(fault))

    def _doubt_of(self, serial: str, anchors: tuple[str, ...]) -> TrustDoubt | None:
        trust = self._in_force.trust()
        if trust.digests.isdisjoint(anchors) and not trust.removed.isdisjoint(anchors):
            return TrustDoubt.REMOVED
        lists = (each for anchor in anchors for each in trust.revocations_of(anchor))
        revoked = serial.lstrip("-").isdecimal() and any(int(serial) in each.parsed.serials for each in lists)
        return TrustDoubt.REVOKED if revoked else None
