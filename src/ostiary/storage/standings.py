"""What processes tell each other of the rate limit: who spent how much, and who is blocked.

Under keyed hashes: an address is personal. Where only one process writes there is nobody to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.limits import FORGIVEN_AFTER_MS, Elsewhere, Told
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import Engine
from ostiary.storage.postgres.limit_statements import EXCHANGE, SWEEP

NEVER_AGO_MS = 2 * FORGIVEN_AFTER_MS


class Standings:
    """The table that all processes share."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher
        self.is_shared = engine.is_shared

    async def exchange(self, told: Sequence[Told]) -> list[Elsewhere]:
        """Adds what this process served and knows; what is known of the same callers now. Raises Unavailable."""
        marked = {self._cipher.mark("limit", "", one.who): one for one in told}
        known = list(marked.values())
        rows = await self._engine.rows(
            EXCHANGE, list(marked), [one.spent for one in known], [one.violations for one in known],
            [one.violated_ago_ms if one.violations else NEVER_AGO_MS for one in known],
            [one.blocked_for_ms for one in known], FORGIVEN_AFTER_MS,
        )  # fmt: skip
        return [Elsewhere(marked[bytes(who)].who, *rest) for who, *rest in rows]

    async def sweep(self) -> int:
        """Removes a batch of standings that nobody asked for in an hour, when violations are forgiven; how many."""
        if not self.is_shared:
            return 0
        return await self._engine.write(SWEEP, FORGIVEN_AFTER_MS)
