"""Seals, parsed and verified beside the event loop against the trust store in force."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor

from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.domain.errors import Refused
from ostiary.domain.seals.reading import SealCheck
from ostiary.domain.seals.two_d_doc import Seal


class SealsInPool:
    """Implements `usecases.context.Seals` in the threads that pictures are measured in: a millisecond a seal."""

    def __init__(self, trust: TrustInForce, pool: Executor) -> None:
        self._trust, self._pool = trust, pool

    async def check(self, seal: Seal) -> SealCheck:
        """Against the trust store in force. One that cannot be read vouches for nobody."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _check, seal, self._trust)


def _check(seal: Seal, in_force: TrustInForce) -> SealCheck:
    from ostiary.adapters.seals.verifier import check_seal  # a process without seals needs none of it

    try:
        trust = in_force.trust()
    except (Refused, OSError):
        return SealCheck()
    return check_seal(seal, trust)
