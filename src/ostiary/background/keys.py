"""Which keys there are may change while a process runs: it looks, and goes on with what it finds."""

from __future__ import annotations

import asyncio

from ostiary.domain.errors import KeyMismatch, Unavailable
from ostiary.storage.keys.lookup_ring import FollowedKeys
from ostiary.telemetry.logs import get_logger

FOLLOW_EVERY_S = 2.0
"""How often a process looks at the keys in its database: one read of a few rows. Those who change them wait for more
than two looks (`FOLLOWED_S`)."""
_log = get_logger("ostiary.keys")


async def follow_keys(keys: FollowedKeys) -> None:
    """Until cancelled. A process that was left behind with an old ring of master keys says so at every look, and makes
    no key: nothing comes under one that the others replace."""
    while True:
        await asyncio.sleep(FOLLOW_EVERY_S)
        try:
            if await keys.look():
                _log.info("keys_changed")
        except Unavailable:  # it writes nothing either, as long as there is no database
            continue
        except KeyMismatch:
            _log.error("keys_outdated")
        except Exception as problem:
            _log.error("keys_not_followed", error=type(problem).__name__)
