"""Following the trust store's file in a process that verifies. One that verified nothing has read nothing, and reads
nothing here."""

from __future__ import annotations

import asyncio

from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.domain.errors import Refused
from ostiary.telemetry.logs import get_logger

FOLLOW_EVERY_S = 5.0
"""One look at when a file was written; whoever has just taken a certificate out waits no longer."""
_log = get_logger("ostiary.trust")


async def follow_trust(in_force: TrustInForce) -> None:
    """Until cancelled."""
    while in_force.path is not None:
        await asyncio.sleep(FOLLOW_EVERY_S)
        try:
            if await asyncio.to_thread(in_force.follow):
                _log.info("trust_in_force", version=in_force.version)
        except (Refused, OSError) as problem:  # what was in force is, until the file changes again
            _log.error("trust_unreadable", problem=str(problem))
