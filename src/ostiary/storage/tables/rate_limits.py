"""What processes tell each other of the rate limit: who spent how much, and who is blocked.

Under keyed hashes: an address is personal. Where only one process writes there is nobody to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.companies.rate_limit import FORGIVEN_AFTER_MS, LocalUsage, SharedUsage
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import Engine

NEVER_AGO_MS = 2 * FORGIVEN_AFTER_MS

# ---- statements, in PostgreSQL's words; times are the server's: machines' may differ -------------------------------

EXCHANGE = """WITH clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms,
  set_config('synchronous_commit', 'off', true))
 INSERT INTO rate_limits AS r
  (who, second, spent, spent_before, violations, violated_at_ms, blocked_until_ms, seen_at_ms)
 SELECT told.who, clock.ms / 1000, told.spent, 0, told.violations, clock.ms - told.violated_ago_ms,
  clock.ms + told.blocked_for_ms, clock.ms
  FROM clock, unnest(?1::bytea[], ?2::bigint[], ?3::bigint[], ?4::bigint[], ?5::bigint[])
   AS told(who, spent, violations, violated_ago_ms, blocked_for_ms) ORDER BY told.who
 ON CONFLICT (who) DO UPDATE SET
  spent = CASE r.second WHEN excluded.second THEN r.spent + excluded.spent ELSE excluded.spent END,
  spent_before = CASE r.second WHEN excluded.second THEN r.spent_before
   WHEN excluded.second - 1 THEN r.spent ELSE 0 END,
  second = greatest(r.second, excluded.second),
  violations = CASE WHEN r.violated_at_ms < excluded.seen_at_ms - ?6 THEN excluded.violations
   ELSE greatest(r.violations, excluded.violations) END,
  violated_at_ms = greatest(r.violated_at_ms, excluded.violated_at_ms),
  blocked_until_ms = greatest(r.blocked_until_ms, excluded.blocked_until_ms), seen_at_ms = excluded.seen_at_ms
 RETURNING who, spent, spent_before, seen_at_ms % 1000, violations, seen_at_ms - violated_at_ms,
  blocked_until_ms - seen_at_ms"""
"""In the order of `who`, so that two processes never wait for each other's rows."""
SWEPT_TOGETHER = 500
"""Old standings are removed in batches small enough not to hold up the processes that exchange theirs."""
SWEEP = f"""DELETE FROM rate_limits WHERE who IN (SELECT who FROM rate_limits WHERE seen_at_ms <
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint - ?1 ORDER BY seen_at_ms LIMIT {SWEPT_TOGETHER})"""  # noqa: S608

# ---- reads and writes -----------------------------------------------------------------------------------------------


class Standings:
    """The table that all processes share."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher
        self.is_shared = engine.is_shared

    async def exchange(self, local_usages: Sequence[LocalUsage]) -> list[SharedUsage]:
        """Adds what this process served and knows; what is known of the same callers now. Raises Unavailable."""
        marked = {self._cipher.lookup_hash("limit", "", usage.who): usage for usage in local_usages}
        usages = list(marked.values())
        rows = await self._engine.rows(
            EXCHANGE,
            list(marked),
            [usage.spent for usage in usages],
            [usage.violations for usage in usages],
            [usage.violated_ago_ms if usage.violations else NEVER_AGO_MS for usage in usages],
            [usage.blocked_for_ms for usage in usages],
            FORGIVEN_AFTER_MS,
        )
        return [SharedUsage(marked[bytes(who)].who, *rest) for who, *rest in rows]

    async def sweep(self) -> int:
        """Removes a batch of standings that nobody asked for in an hour, when violations are forgiven; how many."""
        if not self.is_shared:
            return 0
        return await self._engine.write(SWEEP, FORGIVEN_AFTER_MS)
